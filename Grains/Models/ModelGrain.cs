using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Models;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Metrics;

namespace ExplicitCluster.Grains.Models;

/// <inheritdoc cref="IModelGrain"/>
internal sealed class ModelGrain(IArtifactStore store, SourceReader reader, ComputeGate gate, SharedArtifacts shared) : Grain, IModelGrain
{
    private const int MostBytesABatch = 1 << 20;

    private string Path => ModelFolder.PathOf(this.GetPrimaryKeyString().Split('/')[0], this.GetPrimaryKeyString().Split('/')[^1]);

    public Task<EvaluationReport> EvaluateAsync(ImmutableArray<SourceSpecification> sources, CancellationToken cancellationToken = default) =>
        Failures.Translate(() => gate.RunAsync(
            async token =>
            {
                var model = await LoadAsync(token);
                var evaluation = new Evaluation(model.Classes);
                foreach (var source in sources)
                {
                    var manifest = await reader.OpenAsync(source, labelsRequired: true, token);
                    evaluation.UnknownRows += await ForEachChunkAsync(
                        model,
                        manifest,
                        new RowRange(0, manifest.Rows),
                        [.. manifest.Labels.Select(label => model.Description.Labels.IndexOf(label))],
                        chunk => evaluation.Add(model.Score(chunk), chunk.Classes),
                        token);
                }
                return EvaluationReports.ReportOf(evaluation);
            },
            cancellationToken));

    public async IAsyncEnumerable<PredictionBatch> PredictAsync(
        ImmutableArray<SourceSpecification> sources, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var before = 0L;
        foreach (var source in sources)
        {
            var manifest = await Failures.Translate(() => gate.RunAsync(token => reader.OpenAsync(source, labelsRequired: false, token), cancellationToken));
            foreach (var kept in KeptRows.Of(manifest, 0, manifest.Rows)) // the rows of a batch are consecutive
            {
                for (long done = 0, batch; done < kept.Count; done += batch)
                {
                    var rest = new RowRange(kept.First + done, kept.Count - done);
                    var probabilities = await Failures.Translate(() => gate.RunAsync(token => PredictAsync(manifest, rest, token), cancellationToken));
                    batch = probabilities.Rows;
                    yield return new PredictionBatch(before + rest.First, probabilities.Values);
                }
            }
            before += manifest.Rows;
        }
    }

    private async Task<(long Rows, ImmutableArray<double> Values)> PredictAsync(SourceManifest manifest, RowRange range, CancellationToken cancellationToken)
    {
        var model = await LoadAsync(cancellationToken);
        var encoder = model.EncoderFor(manifest);
        var rows = Math.Clamp(MostBytesABatch / sizeof(double) / model.Classes, 1, ShardRows.ChunkRowsOf(encoder, manifest));
        rows = (int)Math.Min(rows, range.Count);
        var probabilities = new double[rows * model.Classes];
        await ForEachChunkAsync(
            model,
            manifest,
            new RowRange(range.First, rows),
            classOf: null,
            chunk =>
            {
                var scores = model.Score(chunk);
                for (var m = 0; m < rows; m++)
                    Softmax.Probabilities(scores.AsSpan(m * model.Classes, model.Classes), probabilities.AsSpan(m * model.Classes, model.Classes));
            },
            cancellationToken);
        return (rows, ImmutableCollectionsMarshal.AsImmutableArray(probabilities));
    }

    private Task<TrainedModel> LoadAsync(CancellationToken cancellationToken) =>
        shared.GetAsync(Path, token => TrainedModel.LoadAsync(store, Path, token), cancellationToken);

    /// <summary>Gives the number of rows that were passed over, since their labels are unknown.</summary>
    private async Task<long> ForEachChunkAsync(
        TrainedModel model, SourceManifest manifest, RowRange range, int[]? classOf, Action<EncodedChunk> score, CancellationToken cancellationToken)
    {
        var encoder = model.EncoderFor(manifest);
        SourceAgreement.CheckColumns(manifest, model.Description.ColumnNames, $"model {model.Description.Name}/{model.Description.Version}");
        if (model.Vocabulary is not null)
        {
            var texts = new TextRows(reader, manifest, range) { PassesUnknown = true };
            await texts.ForEachChunkAsync(await model.RowsEncoderAsync(store, cancellationToken), classOf, score, cancellationToken);
            return texts.Unknown;
        }
        var rows = new ShardRows(reader, manifest, range, encoder) { PassesUnknown = classOf is not null };
        await rows.ForEachChunkAsync(classOf, score, cancellationToken);
        return rows.Unknown;
    }
}
