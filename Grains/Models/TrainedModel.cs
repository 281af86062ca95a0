using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Formats;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Layers;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Features;
using ExplicitCluster.Numerics.Scoring;

namespace ExplicitCluster.Grains.Models;

/// <summary>A published model in memory: its feature maps and its layer, as they are stored.</summary>
public sealed class TrainedModel
{
    private readonly DenseLayer? _dense;
    private readonly BlockLayer? _blocks;
    private readonly SparseLayer? _sparse;

    /// <summary>Of mixed rows the layer of each group, with a bias of zeros; empty for others.</summary>
    private readonly TrainedModel[] _groups = [];

    private TrainedModel(ModelDescription description, RowEncoder encoder, (float[] Bias, int[] RowOfInput, float[] Weights) layer)
    {
        Description = description;
        Encoder = encoder;
        (Bias, RowOfInput, Weights) = layer;
        if (description.Text is { } text)
            _sparse = new SparseLayer(encoder.Layout, TextFeatures.ScaleOf(text), layer.Bias, layer.Weights);
        else if (encoder.Layout.Kind == EncodingKind.Mixed)
            return;
        else if (encoder.Layout.Kind == EncodingKind.Dense)
            _dense = new DenseLayer(encoder.Layout.Inputs, Classes, layer.Bias, layer.Weights);
        else
            _blocks = new BlockLayer(encoder.Layout, Classes, layer.Bias, layer.RowOfInput, layer.Weights);
    }

    private TrainedModel(ModelDescription description, RowEncoder encoder, float[] bias, TrainedModel[] groups) : this(description, encoder, (bias, [], [])) => _groups = groups;

    public ModelDescription Description { get; }

    public RowEncoder Encoder { get; }

    /// <summary>Of a classifier of texts or of sparse rows: its features.</summary>
    public Vocabulary? Vocabulary { get; private init; }

    public int Classes => Description.Labels.Length;

    /// <summary>(C).</summary>
    public float[] Bias { get; }

    /// <summary>Blocks: the row of <see cref="Weights"/> of every input; empty for dense and sparse rows, where input j has row j, and for mixed rows.</summary>
    public int[] RowOfInput { get; }

    /// <summary>(rows, C), row-major; of mixed rows the groups have it.</summary>
    public float[] Weights { get; }

    /// <summary>Whether an input is a block's code, so that its count is a number of rows.</summary>
    public bool CountsRows(int input) => Encoder.Layout.Maps[MapOf(input)].Blocks > 0;

    /// <summary>Loads a model from its folder; both files are checked.</summary>
    public static async Task<TrainedModel> LoadAsync(IArtifactStore store, string path, CancellationToken cancellationToken)
    {
        var description = await ModelFolder.ReadAsync(store, path, cancellationToken);
        if (description.Language is not null)
        {
            throw new JobException(
                $"{description.Name}/{description.Version} is a language model, and this is for classifiers",
                "see 'explicit models show', and write text with 'explicit models generate'");
        }
        var vocabulary = description.Text is { } text ? await TextFeatures.LoadVocabularyAsync(store, text, ModelFolder.VocabularyName(path), cancellationToken) : null;
        var encoder = vocabulary is null ? await ModelLayers.EncoderAsync(store, path, description, cancellationToken) : RowEncoder.OfSparse(vocabulary.Layout);
        var name = ModelFolder.WeightsName(path);
        var tensors = await SafetensorsFile.ReadAsync(store, name, description.WeightsFileSha256, cancellationToken);
        if (encoder.Layout.Kind == EncodingKind.Mixed)
        {
            var (classes, groups) = (description.Labels.Length, encoder.Groups);
            return new TrainedModel(
                description,
                encoder,
                WeightTensors.ReadBias(classes, tensors, name),
                [.. groups.Select((group, i) => new TrainedModel(description, group, WeightTensors.ReadGroup(group.Layout, i, classes, tensors, name)))]);
        }
        return new TrainedModel(description, encoder, WeightTensors.Read(encoder.Layout, description.Labels.Length, tensors, name)) { Vocabulary = vocabulary };
    }

    /// <summary>The same model with other weights, in memory alone.</summary>
    internal TrainedModel WithLayer((float[] Bias, int[] RowOfInput, float[] Weights) layer) => new(Description, Encoder, layer) { Vocabulary = Vocabulary };

    /// <summary>Whether rows are texts or sparse, and no numbers.</summary>
    public bool TakesTexts => Encoder.Shape == RowShape.Texts;

    /// <summary>Whether rows are sparse ones.</summary>
    public bool TakesSparseRows => TextsOf(Description) is { IsSparse: true };

    /// <summary>What the rows are, in words.</summary>
    private string Holds => TakesSparseRows ? "sparse rows" : Encoder.Shape.ToString();

    /// <summary>Of a model of texts or of sparse rows: their features in it, or in the lowest layer below it; null for others.</summary>
    private static TextSpecification? TextsOf(ModelDescription description) =>
        description.Text ?? description.Specification.Layers.Select(layer => layer.Text).FirstOrDefault(text => text is not null);

    /// <summary>Of a classifier of texts or of sparse rows: what makes rows of them; one for one thread.</summary>
    internal Task<DocumentEncoder> RowsEncoderAsync(IArtifactStore store, CancellationToken cancellationToken) =>
        TextFeatures.EncoderAsync(store, Description.Text!, Vocabulary!, cancellationToken);

    /// <summary>The encoder, if a source's rows are what the model was trained on.</summary>
    /// <exception cref="JobException">They are not.</exception>
    public RowEncoder EncoderFor(SourceManifest source) => source.Holds == Holds && source.Shape == Encoder.Shape
        ? Encoder
        : throw new JobException(
            $"the rows are {source.Holds}, and model {Description.Name}/{Description.Version} was trained on {Holds}",
            "give rows of the shape that the model was trained on");

    /// <summary>Weights of one input, (C).</summary>
    public ReadOnlySpan<float> WeightsOf(int input)
    {
        if (_groups.Length == 0)
            return Weights.AsSpan((_blocks is null ? input : RowOfInput[input]) * Classes, Classes);
        var (group, local) = Encoder.Layout.Locate(input);
        return _groups[group].WeightsOf(local);
    }

    /// <summary>Place of the feature map that an input belongs to.</summary>
    public int MapOf(int input)
    {
        var map = 0;
        while (input >= Encoder.Layout.Maps[map].FirstInput + Encoder.Layout.Maps[map].Inputs)
            map++;
        return map;
    }

    /// <summary>Scores of encoded rows: (rows, C), row-major.</summary>
    internal double[] Score(EncodedChunk chunk)
    {
        var scores = new double[chunk.Rows * Classes];
        if (_groups.Length > 0)
            AddGroups(chunk, scores);
        else if (chunk.Sparse is not null)
            _sparse!.Score(chunk.Sparse, 0, chunk.Rows, scores);
        else if (chunk.Dense is not null)
            _dense!.Score(chunk.Dense, 0, chunk.Rows, scores);
        else
            _blocks!.Score(chunk.Blocks!, 0, chunk.Rows, scores);
        return scores;
    }

    /// <summary>The bias, and the scores of each group in order.</summary>
    private void AddGroups(EncodedChunk chunk, double[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Bias[i % Classes];
        for (var group = 0; group < _groups.Length; group++)
        {
            var part = _groups[group].Score(chunk.Groups[group]);
            for (var i = 0; i < scores.Length; i++)
                scores[i] += part[i];
        }
    }
}
