using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Client.Hosting;
using ExplicitCluster.Client.Rendering;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Data.Tokens;
using ExplicitCluster.Grains.Language;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Texts;
using Spectre.Console;

namespace ExplicitCluster.Client.Verification;

/// <summary>
/// Computes a model again from its sources and compares. Its job runs once more over an empty store in a temporary folder, so nothing that was
/// remembered, decoded or counted before has a part in it; then what is stored of the model is compared with what came out.
/// </summary>
/// <param name="store">Where the model is.</param>
/// <param name="model">The model.</param>
internal sealed class ModelVerification(IArtifactStore store, ModelDescription model)
{
    private const int CopiedAtOnce = 1 << 20;
    private const int MostNamed = 3;

    /// <exception cref="JobException">It cannot be computed again, for example because a source is gone.</exception>
    public async Task<IReadOnlyList<VerifiedFact>> RunAsync(IAnsiConsole console, bool verbose, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("explicit-verify-").FullName;
        try
        {
            var scratch = new FolderArtifactStore(folder);
            foreach (var dataset in model.Specification.Data.Train.Select(source => source.Dataset).OfType<string>().Distinct())
                await CopyAsync([$"datasets/{dataset}/rows", $"datasets/{dataset}/manifest.json"], scratch, cancellationToken);
            foreach (var tokens in model.Specification.Tokens.Where(Tokenizers.IsInStore).Distinct())
                await CopyAsync([BytePairStore.NameOf(tokens.EncodingSha256!)], scratch, cancellationToken);
            if (model.Lineage.FrozenVocabulary is { } frozen)
                await FrozenVocabulary.CopyAsync(store, ModelFolder.VocabularyName(ModelFolder.PathOf(model.Name, model.Version)), scratch, FrozenVocabulary.NameOf(frozen), cancellationToken);
            var again = await ModelFolder.ReadAsync(scratch, await ComputeAsync(folder, console, verbose, cancellationToken), cancellationToken);
            return [.. FactsOf(again), await StoredWeightsAsync(cancellationToken), .. await StoredLayersAsync(again, cancellationToken), await StoredStatisticsAsync(scratch, cancellationToken)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> ComputeAsync(string folder, IAnsiConsole console, bool verbose, CancellationToken cancellationToken)
    {
        var specification = model.Specification with { Data = model.Specification.Data with { Test = [] }, Evaluate = EvaluateRows.None };
        await using var silo = await EmbeddedSilo.StartAsync(folder, verbose, cancellationToken);
        var job = silo.Grains.GetGrain<ITrainingJobGrain>("verify");
        await job.StartAsync(specification, CancellationToken.None);
        await using var cancellation = cancellationToken.Register(() => _ = job.CancelAsync(CancellationToken.None));
        var record = await ProgressView.ShowAsync(job.WatchAsync(CancellationToken.None), console, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return record.Result?.ModelPath
            ?? throw new JobException($"{NameOf(model)} cannot be computed again: {record.Failure?.Cause}", record.Failure?.Remedy ?? "run again with --verbose for the details");
    }

    private IEnumerable<VerifiedFact> FactsOf(ModelDescription again)
    {
        for (var i = 0; i < model.Lineage.Sources.Length; i++)
            yield return new VerifiedFact($"source {i}, {model.Lineage.Sources[i].Files[0]}", model.Lineage.Sources[i].Id, again.Lineage.Sources[i].Id);
        yield return new VerifiedFact("shards", ShardsOf(model), ShardsOf(again));
        yield return new VerifiedFact("labels", HashOf(model.Labels), HashOf(again.Labels));
        yield return new VerifiedFact("K, alpha", SettingsOf(model), SettingsOf(again));
        foreach (var (layer, other) in LayerMaps.AllOf(model.Encoding.Features).Zip(LayerMaps.AllOf(again.Encoding.Features)))
            yield return new VerifiedFact($"layer {layer.Number}: K, alpha, statistics", FactOf(layer), FactOf(other));
        yield return new VerifiedFact("statistics", model.StatisticsSha256, again.StatisticsSha256);
        yield return new VerifiedFact("weights", model.WeightsSha256, again.WeightsSha256);
    }

    private async Task<VerifiedFact> StoredWeightsAsync(CancellationToken cancellationToken)
    {
        const string What = "stored weights";
        try
        {
            var name = ModelFolder.WeightsName(ModelFolder.PathOf(model.Name, model.Version));
            return new VerifiedFact(What, model.WeightsSha256, WeightsHash.Of(await SafetensorsFile.ReadAsync(store, name, model.WeightsFileSha256, cancellationToken)));
        }
        catch (Exception exception) when (exception is ArtifactDamagedException or ArtifactMissingException)
        {
            return new VerifiedFact(What, model.WeightsSha256, exception is ArtifactDamagedException ? "damaged" : "missing");
        }
    }

    private async Task<List<VerifiedFact>> StoredLayersAsync(ModelDescription again, CancellationToken cancellationToken)
    {
        var facts = new List<VerifiedFact>();
        for (var i = 0; i < model.Layers.Length; i++)
        {
            var stored = await store.ReadAsync(ModelFolder.LayerName(ModelFolder.PathOf(model.Name, model.Version), i + 1), cancellationToken);
            facts.Add(new VerifiedFact($"stored layer {i + 1}", again.Layers[i], stored is { } file ? Convert.ToHexStringLower(SHA256.HashData(file.Content)) : "missing"));
        }
        foreach (var layer in LayerMaps.AllOf(again.Encoding.Features).Where(layer => layer.VocabularySha256 is not null))
        {
            var stored = await store.ReadAsync(ModelFolder.LayerVocabularyName(ModelFolder.PathOf(model.Name, model.Version), layer.Number), cancellationToken);
            facts.Add(new VerifiedFact($"stored vocabulary of layer {layer.Number}", layer.VocabularySha256!, stored is { } file ? Convert.ToHexStringLower(SHA256.HashData(file.Content)) : "missing"));
        }
        return facts;
    }

    /// <summary>Statistics that the store still has under the names of the model's lineage must be, byte for byte, those that were counted again.</summary>
    private async Task<VerifiedFact> StoredStatisticsAsync(FolderArtifactStore scratch, CancellationToken cancellationToken)
    {
        var merged = model.Lineage.Statistics;
        // Of a language model the merged tables: how its shards' runs are cut is a setting of the silo.
        var names = model.Language is not null
            ? await scratch.ListAsync($"{merged.Name}/", cancellationToken).ToListAsync(cancellationToken)
            : LayerMaps.AllOf(model.Encoding.Features).SelectMany(layer => layer.Passes.Select(pass => pass.Merged).Append(layer.Merged)).Concat(merged.Parts().Select(part => part.Merged)).SelectMany(NamesOf);
        var (same, other) = (0, new List<string>());
        foreach (var name in names.Distinct())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await store.ReadAsync(name, cancellationToken) is not { } stored || await scratch.ReadAsync(name, cancellationToken) is not { } counted)
                continue;
            if (stored.Content.AsSpan().SequenceEqual(counted.Content))
                same++;
            else
                other.Add(name);
        }
        var seen = other.Count == 0 ? "" : $"{string.Join(", ", other.Take(MostNamed))}{(other.Count > MostNamed ? ", ..." : "")} differ";
        return new VerifiedFact("stored statistics", $"{same + other.Count} files", seen.Length == 0 ? $"{same} files" : seen);
    }

    private IEnumerable<string> NamesOf(MergedStatistics merged)
    {
        var folder = merged.Name[..merged.Name.LastIndexOf('/')];
        return model.Lineage.Shards.Select(shard => $"{folder}/{shard.Hash}").Concat(Enumerable.Range(0, merged.Tiles.Length).Select(merged.TileName));
    }

    private async Task CopyAsync(string[] names, FolderArtifactStore scratch, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            if (await store.StatAsync(name, cancellationToken) is not { } info)
                continue; // opening the source, or the vocabulary, says so
            await scratch.WriteAsync(
                name,
                async (stream, token) =>
                {
                    var buffer = new byte[CopiedAtOnce];
                    for (var offset = 0L; offset < info.Length; offset += buffer.Length)
                    {
                        var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, info.Length - offset));
                        await store.ReadRangeAsync(name, offset, part, token);
                        await stream.WriteAsync(part, token);
                    }
                },
                WriteCondition.Always,
                cancellationToken);
        }
    }

    public static string NameOf(ModelDescription model) => $"{model.Name}/{model.Version}";

    private static string ShardsOf(ModelDescription model) => $"{model.Lineage.Shards.Length} {HashOf(model.Lineage.Shards.Select(shard => shard.Hash))}";

    private static string FactOf(SolvedLayer layer) =>
        FormattableString.Invariant($"{layer.Settings.Solve.K[0]}, {layer.Settings.Solve.Alpha[0]}, {layer.StatisticsSha256}{(layer.MovesSha256 is { } moves ? $", moved {moves}" : "")}");

    private static string SettingsOf(ModelDescription model) => FormattableString.Invariant($"{string.Join(' ', model.GroupKs.IsEmpty ? [model.K] : model.GroupKs)}, {model.Alpha}");

    private static string HashOf(IEnumerable<string> texts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))));
}
