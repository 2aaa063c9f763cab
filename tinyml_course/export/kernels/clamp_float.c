static float model_clamp_float(float x, float low, float high)
{
    return x < low ? low : x > high ? high : x;
}
