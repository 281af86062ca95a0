using Orleans.Concurrency;

namespace ExplicitCluster.Abstractions.Refinement;

/// <summary>A reducer of averaged SGD, keyed by <c>job/index</c>: averages some parts of the parameters by the workers' rows, in worker order.</summary>
[Alias("explicit.IAveragingReducerGrain")]
public interface IAveragingReducerGrain : IRefinementGrain
{
    /// <summary>Begins an attempt; whoever still waits for a mean is let go.</summary>
    [Alias("Prepare")]
    Task PrepareAsync(long epoch, int workers, CancellationToken cancellationToken = default);

    /// <summary>Takes one worker's part; gives the mean once every worker's is there.</summary>
    [Alias("Add"), ResponseTimeout("12:00:00"), AlwaysInterleave]
    Task<ParameterPart> AddAsync(ParameterPart part, CancellationToken cancellationToken = default);
}
