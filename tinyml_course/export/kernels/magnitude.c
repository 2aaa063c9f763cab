/* The length of one acceleration: sqrt((ax*ax + ay*ay) + az*az), each operation rounded to float. */
static float model_magnitude(const float *a)
{
    return sqrtf((a[0] * a[0] + a[1] * a[1]) + a[2] * a[2]);
}
