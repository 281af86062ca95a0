using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Language;
using ExplicitCluster.Abstractions.Reduction;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Jobs;
using ExplicitCluster.Grains.Models;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Language;

namespace ExplicitCluster.Grains.Language;

/// <summary>Everything that a published language model says of itself, and the writing of its three files: vocabulary, weights, model.json. Cells that were counted come by set.</summary>
internal sealed record LanguagePublication(
    JobRecord Job, LanguagePlan Plan, LanguageTables Tables, FitResult Fit, long[] Counted, ImmutableArray<RunTotals> Runs, string StatisticsSha256, string Parts, ModelRefinement? Refinement)
{
    /// <summary>Joins the reducers' parts, set by set, and publishes them; one part is in memory at a time.</summary>
    public async Task<ModelDescription> WriteAsync(IArtifactStore store, SolvedPart[] parts, CancellationToken cancellationToken)
    {
        var (specification, counting) = (Job.Specification, Tables.Counting);
        var (sets, count) = (LanguageNames.PlanOf(counting.Language).Sets, counting.Bounds.Length);
        var tensors = new List<TensorStream> { LanguageTensors.BaseOf((await StoredSolution.LoadAsync(store, Tables, cancellationToken)).BaseScores([.. Fit.Weights])) };
        for (var set = 0; set < sets.Length; set++)
        {
            var first = set * count;
            var lags = sets[set];
            tensors.AddRange(LanguageTensors.Of(
                lags, parts[first..(first + count)], (part, token) => LanguageTensors.ReadPartAsync(store, PartName(first + part), parts[first + part].Sha256, lags, token)));
        }
        var weightsSha256 = await SafetensorsStreams.HashAsync(tensors, cancellationToken);
        var path = ModelFolder.PathOf(specification.Name, VersionOf(weightsSha256));
        var vocabulary = (await store.ReadAsync(counting.Vocabulary, cancellationToken) ?? throw new ArtifactMissingException(counting.Vocabulary)).Content;
        await store.WriteAsync(
            LanguageDescription.VocabularyNameIn(path), async (stream, token) => await stream.WriteAsync(vocabulary, token), WriteCondition.Always, cancellationToken);
        var metadata = new Dictionary<string, string> { ["format"] = "explicit-cluster language 1", ["weightsSha256"] = weightsSha256 };
        var fileSha256 = await SafetensorsStreams.WriteAsync(store, ModelFolder.WeightsName(path), tensors, metadata, cancellationToken);
        var description = DescriptionOf(weightsSha256, fileSha256, sets, parts);
        // Not to be cancelled any more: weights without a description would be of no use.
        await JsonArtifact.WriteAsync(store, ModelFolder.DescriptionName(path), description, null, WriteCondition.Always, CancellationToken.None);
        return description;
    }

    private string PartName(int part) => LanguageNames.PartName(Parts, part);

    /// <summary>12 digits of all that predictions depend on: weights, their factors, tokens and vocabulary.</summary>
    private string VersionOf(string weightsSha256) => SpecificationHash.Sha256(
        FormattableString.Invariant($"{weightsSha256}\n{string.Join(' ', Fit.Weights.Select(weight => weight.ToString("R", null)))}\n{Tables.Counting.Name}"))[..12];

    private ModelDescription DescriptionOf(string weightsSha256, string fileSha256, LagSet[] sets, SolvedPart[] parts) => new()
    {
        Format = ModelDescription.CurrentFormat,
        Name = Job.Specification.Name,
        Version = VersionOf(weightsSha256),
        Created = DateTimeOffset.UtcNow,
        Labels = [],
        Encoding = new RowLayoutKey([], 0, 0, 0, IsBytes: false),
        ColumnNames = [],
        Inputs = 0,
        K = 1,
        Alpha = 0,
        Beta = 0,
        WeightsSha256 = weightsSha256,
        WeightsFileSha256 = fileSha256,
        StatisticsSha256 = StatisticsSha256,
        Specification = Job.Specification,
        Language = new LanguageDescription
        {
            Tokens = Tables.Counting.Language.Tokens,
            Vocabulary = Tables.Counting.Size,
            VocabularySha256 = Tables.Counting.Vocabulary.Split('/')[^1],
            UnigramWeight = Fit.Weights[0],
            Documents = Runs.Sum(run => run.Documents),
            TrainTokens = Runs.Sum(run => run.Tokens),
            HeldOutPerplexity = Fit.Positions > 0 ? SameBits.Exp(Fit.CrossEntropy) : null,
            HeldOutPositions = Fit.Positions,
            Sets = [.. sets.Select((set, i) => new LagSetDescription(
                [.. set.Lags], Fit.Weights[i + 1], Tables.Discounts.Slice(3 * i, 3), Counted[i], parts.Skip(i * Tables.Counting.Bounds.Length).Take(Tables.Counting.Bounds.Length).Sum(part => (long)part.Cells), parts.Skip(i * Tables.Counting.Bounds.Length).Take(Tables.Counting.Bounds.Length).Sum(part => (long)part.Rows)))],
        },
        Lineage = new ModelLineage
        {
            Job = Job.Id,
            Rows = Plan.Train.Sum(work => (long)work.Shard.Rows),
            ZeroRows = 0,
            Refinement = Refinement,
            ChosenBy = Fit.Positions > 0 ? "weights fitted on held-out training documents" : "given",
            Choice = [],
            Slice = Job.Specification.Slice,
            Statistics = new MergedStatistics(Tables.Merged, [], [], 0, [], [], 0),
            Sources = [.. Plan.Sources.Select(source => new LineageSource(source.Id, [.. source.Files.Select(file => file.Path)], source.Rows)
            {
                Removed = source.Specification.Removed,
                Tags = source.Specification.Tags,
            })],
            Shards = [.. Plan.Train.Select(work => new LineageShard(work.Shard.Source, work.Shard.FirstRow, work.Shard.Rows, work.Key)
            {
                LastRow = work.Shard.LastRow,
            })],
        },
    };
}
