using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Reduction;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>How stages reach the grains that do the work.</summary>
internal sealed partial class TrainingJobGrain
{
    private PieceRunner Runner => new(Note, silos.Now.Count, options.Value.EffectiveSlots);

    private async Task<ImmutableArray<SourceManifest>> OpenAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken)
    {
        var pieces = new Pieces<SourceManifest>(
            sources.Length,
            i => $"source {i + 1}",
            (i, _, token) => Failures.Translate(() => gate.RunAsync(inner => reader.OpenAsync(sources[i], labelsRequired: Specification.Language is null, inner), token)),
            _ => _progress.Advance(0));
        return [.. await Runner.RunAsync(pieces, cancellationToken)];
    }

    private ImmutableArray<ShardWork> WorkOf(
        ImmutableArray<SourceManifest> sources, ImmutableArray<FeatureMapSpecification> features, bool leavesOutHeldOut, FoldSpecification? withoutFold)
    {
        var specificationHash = SpecificationHash.Of(features, leavesOutHeldOut, withoutFold);
        return [.. ShardPlan.Cut(sources, Specification.Data.ShardRows).Select(shard => new ShardWork(
            sources[shard.Source], shard, features, $"statistics/{specificationHash}/{shard.Hash}")
        {
            LeavesOutHeldOut = leavesOutHeldOut,
            WithoutFold = withoutFold,
        })];
    }

    private Task<T[]> ForEachShardAsync<T>(
        JobStage stage,
        IReadOnlyList<(string Part, ImmutableArray<ShardWork> Works)> parts,
        Func<IShardGrain, ShardWork, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken) =>
        ForEachWorkAsync(stage, parts, (key, work, token) => call(GrainFactory.GetGrain<IShardGrain>(key), work, token), cancellationToken);

    /// <summary>The same by the keys of the shards' grains.</summary>
    private Task<T[]> ForEachWorkAsync<T>(
        JobStage stage,
        IReadOnlyList<(string Part, ImmutableArray<ShardWork> Works)> parts,
        Func<string, ShardWork, CancellationToken, Task<T>> call,
        CancellationToken cancellationToken,
        bool holdsState = false)
    {
        var works = parts.SelectMany(part => part.Works.Select(work => (part.Part, Work: work))).ToList();
        _progress.Begin(stage, works.Count, works.Sum(work => (long)work.Work.Shard.Rows));
        var pieces = new Pieces<T>(
            works.Count,
            i => $"shard {works[i].Work.Shard.Index} of the {works[i].Part}ing rows",
            (i, copy, token) => call($"{Id}/{works[i].Part}/{IndexOf(works[i].Work.Shard.Index, copy)}", works[i].Work, token),
            i => _progress.Advance(works[i].Work.Shard.Rows))
        {
            HoldsState = holdsState || stage == JobStage.Refine, // scores of a fit
        };
        return Runner.RunAsync(pieces, cancellationToken);
    }

    private async Task<T[]> ForEachTileAsync<T>(
        MergedStatistics merged, Func<IReducerGrain, int, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var order = TilePlan.InOrderOfWork(merged.Tiles);
        var pieces = new Pieces<T>(
            order.Length,
            i => $"tile {order[i]}",
            (i, copy, token) => call(GrainFactory.GetGrain<IReducerGrain>($"{Id}/{IndexOf(i, copy)}"), order[i], token),
            _ => _progress.Advance(0));
        var results = await Runner.RunAsync(pieces, cancellationToken);
        Array.Sort(order, results);
        return results;
    }

    /// <summary>The last part of a key, which says on which silo a grain is placed: a second copy goes so many silos on.</summary>
    private static string IndexOf(int index, int copy) => copy == 0 ? $"{index}" : $"{index}+{copy}";
}
