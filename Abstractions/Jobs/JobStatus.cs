namespace ExplicitCluster.Abstractions.Jobs;

[GenerateSerializer, Alias("explicit.JobStatus")]
public enum JobStatus
{
    Running,
    Done,
    Failed,
    Cancelled,
}
