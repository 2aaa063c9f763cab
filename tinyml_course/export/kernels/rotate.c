/* To the right by 1 to 31 bits; what falls out comes in on the left. One instruction on most cores. */
static uint32_t model_rotate(uint32_t x, uint32_t bits)
{
    return x >> bits | x << (32U - bits);
}
