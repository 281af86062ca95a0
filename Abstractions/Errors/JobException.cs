namespace ExplicitCluster.Abstractions.Errors;

/// <summary>
/// What ends a job or a request for good, as one line of cause and one of remedy; crosses silos. Everything else that a grain call throws is
/// a fault of the machinery and may be tried again.
/// </summary>
[GenerateSerializer, Alias("explicit.JobException")]
public sealed class JobException(string cause, string remedy) : Exception(cause)
{
    [Id(0)] public string Remedy { get; } = remedy;
}
