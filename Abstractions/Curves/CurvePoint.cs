namespace ExplicitCluster.Abstractions.Curves;

/// <summary>The solution from a part of the training shards.</summary>
/// <param name="Shards">How many.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="StatisticsSha256">What a training on them has.</param>
/// <param name="CrossEntropy">Nats a test row.</param>
/// <param name="Accuracy">Share of test rows that are right.</param>
public sealed record CurvePoint(int Shards, long Rows, string StatisticsSha256, double CrossEntropy, double Accuracy);
