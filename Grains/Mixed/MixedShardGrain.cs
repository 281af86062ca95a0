using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Mixed;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Texts;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Mixed;

namespace ExplicitCluster.Grains.Mixed;

/// <inheritdoc cref="IMixedShardGrain"/>
[SpreadPlacement]
internal sealed class MixedShardGrain(IArtifactStore store, SourceReader reader, ComputeGate gate, SharedArtifacts shared, ExplicitInstruments instruments) : Grain, IMixedShardGrain
{
    private (string Origin, MixedScores Scores)? _scored;

    public Task<MixedSums> SumAsync(ShardWork work, MixedWork mixed, ImmutableArray<MixedTrial> trials, CancellationToken cancellationToken = default) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace("sum", this.GetPrimaryKeyString());
                if (trials.IsEmpty)
                {
                    _scored = null;
                    return new MixedSums([]);
                }
                var start = Stopwatch.GetTimestamp();
                var scores = await ScoresAsync(work, mixed, token);
                var sums = trials.Select(trial => scores.Sums(trial.Alpha, trial.K.AsSpan()));
                var result = new MixedSums([.. sums.Select(sum => new FitSums(sum.Rows, sum.Loss, [.. sum.Gradient], [.. sum.Curvature]))]);
                instruments.Took("sum", Stopwatch.GetElapsedTime(start));
                instruments.ShardDone("sum", work.Shard.Rows, reused: false);
                return result;
            },
            cancellationToken));

    /// <summary>The scores of the shard's rows; made from the rows where the silo does not have them, as after the loss of another.</summary>
    private async Task<MixedScores> ScoresAsync(ShardWork work, MixedWork mixed, CancellationToken cancellationToken)
    {
        var origin = FormattableString.Invariant(
            $"mixed {string.Join(' ', mixed.Groups.Select(group => group.Name))} alpha {string.Join(' ', mixed.Alpha)} beta {mixed.Beta}");
        var ofShard = $"{origin} shard {work.Shard.Hash}";
        if (_scored is { } scored && scored.Origin == ofShard)
            return scored.Scores;
        var encoder = await LayerMaps.MixedEncoderAsync(shared, store, work.Features, work.Source.Shape, cancellationToken);
        var leaveOneOut = await shared.GetAsync(origin, token => LoadAsync(encoder, mixed, token), cancellationToken);
        var labels = mixed.Groups[0].Labels;
        var rows = new ShardRows(reader, work.Source, new RowRange(work.Shard.FirstRow, work.Shard.LastRow - work.Shard.FirstRow + 1), encoder)
        {
            WithoutFold = work.WithoutFold,
            OwnOf = [.. Enumerable.Range(0, labels.Length)],
        };
        var scores = leaveOneOut.NewScores();
        await rows.ForEachChunkAsync(
            [.. work.Source.Labels.Select(label => labels.IndexOf(label))],
            chunk => leaveOneOut.AddTo(scores, [.. chunk.Groups.Select(group => new GroupRows(group.Dense, group.Blocks))], chunk.Classes, cancellationToken),
            cancellationToken);
        _scored = (ofShard, scores);
        return scores;
    }

    private async Task<MixedLeaveOneOut> LoadAsync(RowEncoder encoder, MixedWork mixed, CancellationToken cancellationToken)
    {
        var groups = new List<MixedGroup>();
        foreach (var (merged, group) in mixed.Groups.Zip(encoder.Groups))
            groups.Add(new MixedGroup(group.Layout, await MergedTables.LoadAsync(store, merged, cancellationToken), MergedTables.TotalsOf(merged), merged.ZeroRows));
        return new MixedLeaveOneOut(groups, mixed.Alpha, mixed.Beta);
    }
}
