static int32_t model_clamp_value(int32_t x, int32_t low, int32_t high)
{
    return x < low ? low : x > high ? high : x;
}
