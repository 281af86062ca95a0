namespace ExplicitCluster.Numerics.Language;

/// <summary>How words are drawn.</summary>
/// <param name="Temperature">What log probabilities are divided by; 0 takes the most probable word always.</param>
/// <param name="TopK">The most words to draw from.</param>
/// <param name="TopP">The share of probability to draw from, the most probable words first.</param>
/// <param name="Seed">Of the random numbers.</param>
public sealed record SamplingSettings(double Temperature = 1, int TopK = int.MaxValue, double TopP = 1, ulong Seed = 1);
