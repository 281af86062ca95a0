using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Shards;
using Microsoft.Extensions.Logging;

namespace ExplicitCluster.Grains.Hosting;

/// <summary>Log lines of a job, and of its shards and tiles, carry their names as the scope's fields <c>Job</c>, <c>Shard</c>, <c>Tile</c> and <c>Worker</c>, whoever writes them.</summary>
internal sealed class WorkScopes(ILogger<WorkScopes> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        using var scope = ScopeOf(context.Grain, context.TargetId) is { } fields ? logger.BeginScope(fields) : null;
        await context.Invoke();
    }

    private static KeyValuePair<string, object?>[]? ScopeOf(object grain, GrainId id)
    {
        if (grain is not (TrainingJobGrain or ShardGrain or ReducerGrain or SweepWorkerGrain or AveragingWorkerGrain))
            return null;
        // A job's key is its id; a shard's ends in part and index, a tile's in its index.
        var key = id.Key.ToString() ?? "";
        var job = new KeyValuePair<string, object?>("Job", key.Split('/')[0]);
        return grain switch
        {
            ShardGrain => [job, new("Shard", key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..])],
            ReducerGrain => [job, new("Tile", key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..])],
            SweepWorkerGrain or AveragingWorkerGrain => [job, new("Worker", key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..])],
            _ => [job],
        };
    }
}
