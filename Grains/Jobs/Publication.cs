using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Grains.Refinement;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Mixed;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Grains.Jobs;

/// <summary>Everything that a published model says of itself, and the writing of its two files.</summary>
internal sealed record Publication(
    JobRecord Job, JobPlan Plan, MergedStatistics Merged, string StatisticsSha256, JobChoice Choice)
{
    /// <summary>Of a solution by groups.</summary>
    public ModelTemperatures? Temperatures { get; init; }

    private JobSpecification Specification => Job.Specification;

    /// <summary>Joins the reducers' parts of the explicit solution, in tile order, and publishes them.</summary>
    public async Task<ModelDescription> WriteSolutionAsync(IArtifactStore store, string[] partHashes, CancellationToken cancellationToken)
    {
        var solution = new ExplicitSolution(Plan.Encoder.Layout, MergedTables.TotalsOf(Merged), new SolveSettings(Choice.K, Choice.Alpha, Specification.Solve.Beta));
        var description = await WriteAsync(store, await JoinAsync(store, Plan.Encoder.Layout, solution, partHashes, 0, cancellationToken), cancellationToken);
        await DeletePartsAsync(store, partHashes.Length);
        return description;
    }

    private async Task DeletePartsAsync(IArtifactStore store, int parts)
    {
        for (var tile = 0; tile < parts; tile++)
            await store.DeleteAsync(JobFolder.WeightsPartName(Job.Id, Job.Attempts, tile), CancellationToken.None);
    }

    /// <summary>Publishes the explicit solution on codes of which the rare ones are merged.</summary>
    public async Task<ModelDescription> WriteCompactedAsync(IArtifactStore store, CancellationToken cancellationToken)
    {
        var counts = await MergedTables.LoadAsync(store, Merged, cancellationToken);
        var compaction = new CodeCompaction(Plan.Encoder.Layout, counts, Specification.Compact);
        var settings = new SolveSettings(Choice.K, Choice.Alpha, Specification.Solve.Beta);
        var solution = new ExplicitSolution(compaction.Layout, MergedTables.TotalsOf(Merged), settings);
        var (inputs, weights, others) = compaction.Expand(solution.All(compaction.Compact(counts)), Merged.Labels.Length);
        return await WriteAsync(store, WeightTensors.Of(Plan.Encoder.Layout, solution.Bias(), inputs, weights, others), cancellationToken);
    }

    /// <summary>Publishes the mean weights of the runs of scaling sweeps.</summary>
    public async Task<ModelDescription> WriteSweptAsync(IArtifactStore store, SweepTables tables, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        float[] mean = [.. (await SweepMean.OfAsync(store, tables, end, cancellationToken)).Select(weight => (float)weight)];
        var (inputs, weights, others) = tables.Compaction.Expand(mean, Merged.Labels.Length);
        float[] bias = [.. tables.LogPrior.Select(log => (float)log)];
        return await WriteAsync(store, WeightTensors.Of(Plan.Encoder.Layout, bias, inputs, weights, others), cancellationToken);
    }

    /// <summary>Publishes the parameters of the last round; where it diverged or is worse than the start, those of the best.</summary>
    public async Task<ModelDescription> WriteAveragedAsync(IArtifactStore store, AveragingTables tables, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var parameters = await tables.EndAsync(store, end, cancellationToken);
        var (bias, weights) = (parameters[..tables.Classes], parameters[tables.Classes..]);
        if (tables.Compaction is not { } compaction)
            return await WriteAsync(store, WeightTensors.Of(tables.Layout, bias, [.. Enumerable.Range(0, tables.Layout.Inputs)], weights, _ => []), cancellationToken);
        var (inputs, rows, others) = compaction.Expand(weights, tables.Classes);
        return await WriteAsync(store, WeightTensors.Of(Plan.Encoder.Layout, bias, inputs, rows, others), cancellationToken);
    }

    /// <summary>Publishes the layers of a solution by groups.</summary>
    public async Task<ModelDescription> WriteGroupedAsync(IArtifactStore store, FitTables tables, CancellationToken cancellationToken)
    {
        float[] bias = [.. tables.Prior.Select(p => (float)SameBits.Log(p))];
        int[] inputs = [.. Enumerable.Range(0, Merged.Inputs)];
        return await WriteAsync(store, WeightTensors.Of(Plan.Encoder.Layout, bias, inputs, await tables.WeightsAsync(cancellationToken), _ => []), cancellationToken);
    }

    /// <summary>Joins the parts of every group's solution, and publishes the groups side by side.</summary>
    public async Task<ModelDescription> WriteMixedAsync(IArtifactStore store, string[] partHashes, CancellationToken cancellationToken)
    {
        var prior = MixedGroup.PriorOf([.. Merged.Groups.Select(group => group.ZeroRows)]);
        var groups = new List<IReadOnlyList<Tensor>>();
        float[] bias = [];
        var first = 0;
        for (var group = 0; group < Merged.Groups.Length; group++)
        {
            var merged = Merged.Groups[group];
            var solution = new ExplicitSolution(
                Plan.Encoder.Groups[group].Layout, MergedTables.TotalsOf(merged), new SolveSettings(Choice.GroupKs[group], Choice.Alpha, Specification.Solve.Beta));
            bias = group == prior ? solution.Bias() : bias;
            groups.Add(await JoinAsync(store, Plan.Encoder.Groups[group].Layout, solution, partHashes.AsMemory(first, merged.Tiles.Length), first, cancellationToken));
            first += merged.Tiles.Length;
        }
        var description = await WriteAsync(store, WeightTensors.OfGroups(bias, groups), cancellationToken);
        await DeletePartsAsync(store, partHashes.Length);
        return description;
    }

    /// <summary>Writes the weights, then model.json: a model exists once that does.</summary>
    private async Task<ModelDescription> WriteAsync(IArtifactStore store, IReadOnlyList<Tensor> tensors, CancellationToken cancellationToken)
    {
        var weightsSha256 = WeightsHash.Of(tensors);
        var version = VersionOf(weightsSha256);
        var path = ModelFolder.PathOf(Specification.Name, version);
        var metadata = new Dictionary<string, string> { ["format"] = "explicit-cluster 1", ["weightsSha256"] = weightsSha256 };
        var fileSha256 = await SafetensorsFile.WriteAsync(store, ModelFolder.WeightsName(path), tensors, metadata, cancellationToken);
        if (Plan.Vocabulary is { } vocabulary)
            await FrozenVocabulary.CopyAsync(store, vocabulary.Name, ModelFolder.VocabularyName(path), cancellationToken);
        var layers = await ModelLayers.WriteAsync(store, path, Plan.Layers, Plan.Encoder.Shape, cancellationToken);
        var description = DescriptionOf(version, weightsSha256, fileSha256) with { Layers = layers };
        // Not to be cancelled any more: weights without a description would be of no use.
        await JsonArtifact.WriteAsync(store, ModelFolder.DescriptionName(path), description, null, WriteCondition.Always, CancellationToken.None);
        return description;
    }

    /// <summary>12 digits of all that predictions depend on: weights, feature maps, shape and names of a row's values, labels.</summary>
    private string VersionOf(string weightsSha256)
    {
        var shape = Plan.Encoder.Shape;
        string[] parts =
        [
            weightsSha256,
            Plan.SpecificationHash,
            FormattableString.Invariant($"{shape.Columns} {shape.Width} {shape.Height} {(shape.IsBytes ? "bytes" : "float32")}"),
            .. Plan.Sources[0].ColumnNames,
            .. Merged.Labels,
        ];
        return SpecificationHash.Sha256(string.Join('\n', parts))[..12];
    }

    private async Task<IReadOnlyList<Tensor>> JoinAsync(
        IArtifactStore store, RowLayout layout, ExplicitSolution solution, ReadOnlyMemory<string> partHashes, int first, CancellationToken cancellationToken)
    {
        var parts = new List<WeightsPart>();
        for (var tile = 0; tile < partHashes.Length; tile++)
            parts.Add(await WeightsPart.ReadAsync(store, JobFolder.WeightsPartName(Job.Id, Job.Attempts, first + tile), partHashes.Span[tile], cancellationToken));
        int[] seen = [.. parts.SelectMany(part => part.Inputs)];
        var weights = new float[(long)seen.Length * Merged.Labels.Length];
        var at = 0L;
        foreach (var part in parts)
        {
            part.Weights.CopyTo(weights, at);
            at += part.Weights.Length;
        }
        return WeightTensors.Of(layout, solution.Bias(), seen, weights, solution.Unseen);
    }

    private ModelDescription DescriptionOf(string version, string weightsSha256, string fileSha256) => new()
    {
        Format = ModelDescription.CurrentFormat,
        Name = Specification.Name,
        Version = version,
        Created = DateTimeOffset.UtcNow,
        Labels = Merged.Labels,
        Encoding = FeatureMaps.KeyOf(Plan.Features, Plan.Encoder.Shape) with { ByGroup = Specification.Solve.ByGroup },
        ColumnNames = Plan.Sources[0].ColumnNames,
        Inputs = Merged.Inputs,
        K = Choice.K,
        GroupKs = Choice.GroupKs,
        Alpha = Choice.Alpha,
        Beta = Specification.Solve.Beta,
        WeightsSha256 = weightsSha256,
        WeightsFileSha256 = fileSha256,
        StatisticsSha256 = StatisticsSha256,
        Specification = Specification,
        Text = Specification.Text,
        VocabularySha256 = Plan.Vocabulary?.Sha256,
        Temperatures = Temperatures,
        Lineage = new ModelLineage
        {
            Job = Job.Id,
            Rows = Plan.Rows,
            ZeroRows = Merged.ZeroRows,
            ChosenBy = Choice.Grid.IsEmpty ? "given" : Specification.Text is null ? "leave-one-out on the training rows" : "held-out training rows",
            FrozenVocabulary = Specification.Text?.FrozenVocabulary is null ? null : Plan.Vocabulary!.Sha256,
            Refinement = Job.Checkpoint is { } end ? RefinementOf(end) : null,
            Choice = Choice.Grid,
            Statistics = Merged,
            Slice = Specification.Slice,
            Sources = [.. Plan.Sources.Select(source => new LineageSource(source.Id, [.. source.Files.Select(file => file.Path)], source.Rows)
            {
                Removed = source.Specification.Removed,
                Tags = source.Specification.Tags,
            })],
            Shards = [.. Plan.Train.Select(work => new LineageShard(work.Shard.Source, work.Shard.FirstRow, work.Shard.Rows, work.Shard.Hash)
            {
                LastRow = work.Shard.LastRow,
            })],
        },
    };

    private ModelRefinement RefinementOf(RefinementCheckpoint end) =>
        new(Specification.Refine.Method, end.Rounds, end.Ended, end.PublishesBest ? end.Best!.Round : null)
        {
            Start = end.Start,
            Losses = end.Losses,
            HeldOutRows = end.HeldOutRows,
        };
}
