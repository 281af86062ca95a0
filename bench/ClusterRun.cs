using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Bench;

/// <summary>What one run of the job took and what came of it.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">User and system time of all processes that worked on it.</param>
/// <param name="StatisticsSha256">As in a job's result.</param>
/// <param name="WeightsSha256">As in a job's result; null for the bare library, which writes no weights.</param>
/// <param name="Stages">Seconds by stage; null for the bare library.</param>
internal sealed record ClusterRun(double Seconds, double ProcessorSeconds, string StatisticsSha256, string? WeightsSha256, StageSeconds? Stages);
