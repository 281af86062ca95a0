using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>A way to refine, as attempts that go on from checkpoints.</summary>
/// <typeparam name="TWork">What workers must know.</typeparam>
internal interface IRefinement<TWork>
{
    /// <summary>Runs to the end, to a checkpoint that another attempt is to go on from elsewhere, or to the first call that fails. Gives the checkpoint.</summary>
    /// <param name="work">What to do, and the checkpoint to go on from.</param>
    /// <param name="places">Where workers and reducers are.</param>
    /// <param name="keep">Puts a checkpoint whose artifacts are complete on record.</param>
    /// <param name="moved">Told of chunks or rounds done so far, and of the mean loss.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<RefinementCheckpoint> RunAsync(
        TWork work, WorkerPlaces places, Func<RefinementCheckpoint, Task> keep, Action<int, double> moved, CancellationToken cancellationToken);
}
