using System.Collections.Immutable;
using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Jobs;
using ExplicitCluster.Abstractions.Refinement;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Hosting;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Reduction;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Layers;
using ExplicitCluster.Numerics.Refinement;
using ExplicitCluster.Numerics.Scoring;
using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Grains.Refinement;

/// <summary>
/// What the workers of a silo share: how rows are encoded, the centred explicit solution, and the parameters that they start from. Parameters are one list: the bias,
/// then the rows of U; blocks have a row for every compacted code, the first of a block for all rare and unseen ones.
/// </summary>
internal sealed class AveragingTables
{
    private readonly int[] _identity;
    private readonly TextSpecification? _text;
    private readonly SubclassTargets? _subclasses;

    private AveragingTables(RowEncoder encoder, CountTable counts, SubclassTargets? subclasses, AveragingWork work)
    {
        (_subclasses, Labels) = (subclasses, subclasses?.Labels ?? work.Merged.Labels);
        Targets = LayerMaps.TargetsOf(work.Codes, work.Merged.Labels.Length);
        counts = Targets.ColumnsOf(counts);
        (Encoder, Classes, _text) = (encoder, counts.Classes, work.Text?.Specification);
        if (encoder.Layout.Kind == EncodingKind.Blocks)
            Compaction = new CodeCompaction(encoder.Layout, counts, work.Compact);
        Layout = Compaction?.Layout ?? encoder.Layout;
        _identity = Compaction is null ? [] : [.. Enumerable.Range(0, Layout.Inputs)];
        var table = Compaction?.Compact(counts) ?? counts;
        var solution = new ExplicitSolution(Layout, Targets.ColumnsOf(MergedTables.TotalsOf(work.Merged)), new SolveSettings(work.Start.K, work.Start.Alpha, work.Start.Beta));
        Explicit = [.. solution.Bias(), .. solution.All(table)];
        Averaging.Centre(Explicit, Classes);
        Start = work.Settings.Start switch
        {
            AveragingStart.Random => RandomParameters(work.Seed),
            AveragingStart.Zero => new float[Explicit.LongLength],
            _ => Explicit,
        };
    }

    public RowEncoder Encoder { get; }

    /// <summary>What the classes of rows that are read number; of a layer of sub-classes these are not yet what it learns.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Null for dense and sparse rows.</summary>
    public CodeCompaction? Compaction { get; }

    /// <summary>Layout of the rows that are stepped on.</summary>
    public RowLayout Layout { get; }

    /// <summary>What rows are told apart by: their labels or sub-classes, or the bits of the labels' codes.</summary>
    public LayerTargets Targets { get; }

    /// <summary>Columns of scores.</summary>
    public int Classes { get; }

    /// <summary>The explicit solution, (1 + R, C): bias, then U.</summary>
    public float[] Explicit { get; }

    /// <summary>Where rounds begin, (1 + R, C).</summary>
    public float[] Start { get; }

    public static Task<AveragingTables> GetAsync(SharedArtifacts shared, IArtifactStore store, AveragingWork work, CancellationToken cancellationToken) =>
        shared.GetAsync(
            $"averaging {work.Merged.Name} {work.Compact} {work.Start} {work.Settings.Start} {work.Seed} {work.Codes}",
            async token =>
            {
                var encoder = work.Text is { } text
                    ? (await LayerRows.OfTextsAsync(shared, store, text.Specification, text.Vocabulary, token)).Encoder
                    : await LayerMaps.EncoderAsync(shared, store, work.Layout.Features, work.Layout.Shape(), token);
                var subclasses = await SubclassTargets.LoadAsync(shared, store, work.Subclasses, work.Merged, encoder.Layout, token);
                return new AveragingTables(encoder, await MergedTables.LoadAsync(store, work.Merged, token), subclasses, work);
            },
            cancellationToken);

    public SgdRows EmptyRows() => Layout.Kind switch
    {
        EncodingKind.Sparse => new SgdSparseRows(Layout, _text!.KeepsNorms, Classes) { Problems = Targets.Problems },
        EncodingKind.Dense => new SgdDenseRows(Layout.Inputs, Encoder.HasByteValues, Classes) { Problems = Targets.Problems },
        _ => new SgdBlockRows(Layout, _identity, Layout.Inputs, Classes) { Problems = Targets.Problems },
    };

    public void Append(SgdRows rows, EncodedChunk chunk)
    {
        if (rows is SgdBlockRows blocks)
            blocks.Append(chunk.Blocks!, 0, chunk.Classes);
        else if (rows is SgdSparseRows sparse)
            sparse.Append(chunk.Sparse!, 0, chunk.Classes);
        else
            ((SgdDenseRows)rows).Append(chunk.Dense!, 0, chunk.Classes);
    }

    /// <summary>Rows as they are stepped on.</summary>
    /// <param name="rows">Raw rows.</param>
    /// <param name="areLearned">Whether layers below learned from these rows, so that each is left out of what was learned.</param>
    public EncodedChunk Encode(RawChunk rows, bool areLearned)
    {
        var encoded = rows.Encode(Encoder, areLearned ? rows.Classes : []);
        encoded = _subclasses?.Of(encoded) ?? encoded;
        if (Targets.Problems > 1)
            encoded = encoded with { Classes = Array.ConvertAll(encoded.Classes, Targets.OutcomeOf) };
        return Compaction is null ? encoded : encoded with { Blocks = Compaction.Encode(encoded.Blocks!) };
    }

    /// <summary>A layer of these parameters: scores of encoded rows, (rows, C).</summary>
    public Func<EncodedChunk, double[]> LayerOf(float[] parameters)
    {
        var (bias, weights) = (parameters[..Classes], parameters[Classes..]);
        var sparse = _text is null ? null : new SparseLayer(Layout, TextFeatures.ScaleOf(_text), bias, weights);
        var dense = Layout.Kind == EncodingKind.Dense ? new DenseLayer(Layout.Inputs, Classes, bias, weights) : null;
        var blocks = Compaction is null ? null : new BlockLayer(Layout, Classes, bias, _identity, weights);
        return chunk =>
        {
            var scores = new double[chunk.Classes.Length * Classes];
            sparse?.Score(chunk.Sparse!, 0, chunk.Classes.Length, scores);
            dense?.Score(chunk.Dense!, 0, chunk.Classes.Length, scores);
            blocks?.Score(chunk.Blocks!, 0, chunk.Classes.Length, scores);
            return scores;
        };
    }

    /// <summary>The parameters of the last round; where it diverged or is worse than the start, those of the best.</summary>
    /// <exception cref="JobException">One is no finite number.</exception>
    public async Task<float[]> EndAsync(IArtifactStore store, RefinementCheckpoint end, CancellationToken cancellationToken)
    {
        var (file, hash) = end.PublishesBest ? (end.Best!.Name, end.Best.Sha256) : (SweepWork.RunFile(end.Name, 0), end.RunFiles[0]);
        var parameters = (await NumbersFile.ReadAsync<float>(store, file, hash, 1, Start.Length, cancellationToken))[0];
        return parameters.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)
            ? throw new JobException("the averaging ended at a weight that is no finite number", "lower refine.learningRate")
            : parameters;
    }

    /// <summary>How parameters lie to the explicit solution.</summary>
    public ExplicitDistance DistanceOf(float[] parameters)
    {
        var (distance, cosine) = ParameterDistance.Of(parameters, Explicit, Classes);
        return new ExplicitDistance(distance, double.IsNaN(cosine) ? null : cosine);
    }

    public static SgdSettings SettingsOf(AveragingSpecification settings, long seed, int workers) => new()
    {
        Workers = workers,
        Rounds = settings.Rounds,
        LocalEpochs = settings.LocalEpochs,
        Batch = settings.Batch,
        Optimizer = (SgdOptimizer)settings.Optimizer,
        LearningRate = settings.LearningRate,
        Schedule = (SgdSchedule)settings.Schedule,
        Momentum = settings.Momentum,
        L2 = settings.L2,
        Seed = unchecked((ulong)seed),
    };

    private float[] RandomParameters(long seed)
    {
        var start = new float[Explicit.LongLength];
        RandomStart.Fill(start.AsSpan(Classes), EmptyRows(), unchecked((ulong)seed));
        Averaging.Centre(start, Classes);
        return start;
    }
}
