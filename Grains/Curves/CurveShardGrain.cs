using System.Collections.Immutable;
using System.Diagnostics;
using ExplicitCluster.Abstractions.Curves;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Curves;

/// <inheritdoc cref="ICurveShardGrain"/>
[SpreadPlacement]
internal sealed class CurveShardGrain(IArtifactStore store, SourceReader reader, ComputeGate gate, SharedArtifacts shared, ExplicitInstruments instruments) : Grain, ICurveShardGrain
{
    public Task<ImmutableArray<EvaluationCounts>> EvaluateAsync(ShardWork work, CurveScoring scoring, CancellationToken cancellationToken = default) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                using var trace = ExplicitInstruments.Trace("evaluate", this.GetPrimaryKeyString());
                var start = Stopwatch.GetTimestamp();
                var result = await ScoreAsync(work, scoring, token);
                instruments.Took("evaluate", Stopwatch.GetElapsedTime(start));
                instruments.ShardDone("evaluate", work.Shard.Rows, reused: false);
                return result;
            },
            cancellationToken));

    private async Task<ImmutableArray<EvaluationCounts>> ScoreAsync(ShardWork work, CurveScoring scoring, CancellationToken cancellationToken)
    {
        var labels = scoring.Points[0].Labels;
        var encoder = FeatureMaps.EncoderOf(work.Features, work.Source.Shape);
        var layers = await shared.GetAsync(
            FormattableString.Invariant($"curve {string.Join(' ', scoring.Points.Select(point => point.Name))} {scoring.K} {scoring.Alpha} {scoring.Beta} {string.Join(' ', scoring.Points.SelectMany(point => point.ClassWeights.IsDefault ? [] : point.ClassWeights))}"),
            token => CurveLayers.LoadAsync(store, encoder.Layout, scoring, token),
            cancellationToken);
        Evaluation[] evaluations = [.. scoring.Points.Select(_ => new Evaluation(labels.Length))];
        var rows = new ShardRows(reader, work.Source, new RowRange(work.Shard.FirstRow, work.Shard.LastRow - work.Shard.FirstRow + 1), encoder) { PassesUnknown = true };
        await rows.ForEachChunkAsync(
            [.. work.Source.Labels.Select(label => labels.IndexOf(label))],
            chunk =>
            {
                foreach (var (evaluation, scores) in evaluations.Zip(layers.Score(chunk)))
                    evaluation.Add(scores, chunk.Classes);
            },
            cancellationToken);
        foreach (var evaluation in evaluations)
            evaluation.UnknownRows = rows.Unknown;
        return [.. evaluations.Select(EvaluationReports.CountsOf)];
    }
}
