using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Data.Store;
using ExplicitCluster.Grains.Shards;
using ExplicitCluster.Grains.Texts;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Models.Explanations;

/// <summary>One row as a model sees it.</summary>
public sealed class ModelRow
{
    private ModelRow(TrainedModel model, EncodedChunk chunk)
    {
        Model = model;
        Scores = model.Score(chunk);
        Active = ActiveOf(model, chunk);
    }

    public TrainedModel Model { get; }

    /// <summary>The inputs that enter the scores, ascending, and what each one's weights are multiplied by: scores are the bias and the sum over these.</summary>
    public IReadOnlyList<(int Input, double Value)> Active { get; }

    /// <summary>(C) scores as the model gives them.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>The raw values; none of a text.</summary>
    public IReadOnlyList<double> Values { get; private init; } = [];

    /// <summary>Its label in the data; null where none is known.</summary>
    public string? Label { get; private init; }

    /// <summary>A row of sources, numbered as predictions are: from 0 through all of them, rows that do not count included.</summary>
    /// <param name="model">The model.</param>
    /// <param name="store">Where its tokens may be.</param>
    /// <param name="reader">Reads the sources.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="row">Its number.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="JobException">There is no such row, or it does not suit the model.</exception>
    public static async Task<ModelRow> OfSourcesAsync(
        TrainedModel model, IArtifactStore store, SourceReader reader, IReadOnlyList<SourceSpecification> sources, long row, CancellationToken cancellationToken)
    {
        var before = 0L;
        foreach (var source in sources)
        {
            var manifest = await reader.OpenAsync(source, labelsRequired: false, cancellationToken);
            if (row < before + manifest.Rows)
                return await OfSourceAsync(model, store, reader, manifest, row - before, cancellationToken);
            before += manifest.Rows;
        }
        throw new JobException($"there is no row {row}; the data has rows 0 to {before - 1}", "give the number of a row as 'explicit models predict' prints it");
    }

    /// <summary>A row of numbers, as many as the model's rows have.</summary>
    /// <exception cref="JobException">They do not suit the model.</exception>
    public static ModelRow OfNumbers(TrainedModel model, IReadOnlyList<double> numbers)
    {
        var shape = model.Encoder.Shape;
        if (numbers.Count != shape.Columns)
            throw new JobException($"the row has {numbers.Count} numbers, and model {NameOf(model)} takes {shape.Columns} ({shape})", "give as many numbers, parted by commas or spaces");
        var bytes = new byte[shape.BytesPerRow];
        for (var i = 0; i < numbers.Count; i++)
        {
            if (shape.IsBytes ? numbers[i] is not (>= 0 and <= 255) || numbers[i] != Math.Floor(numbers[i]) : !(numbers[i] >= 0) || !float.IsFinite((float)numbers[i]))
                throw new JobException(FormattableString.Invariant($"value {i} of the row is {numbers[i]}; expected {(shape.IsBytes ? "a whole number from 0 to 255" : "a number of at least 0")}"), "correct the value");
            if (shape.IsBytes)
                bytes[i] = (byte)numbers[i];
            else
                BitConverter.TryWriteBytes(bytes.AsSpan(i * sizeof(float)), (float)numbers[i]);
        }
        return OfRaw(model, new RawRows(shape, 1, bytes), null);
    }

    /// <summary>A text.</summary>
    /// <exception cref="JobException">The model is of numbers.</exception>
    public static Task<ModelRow> OfTextAsync(TrainedModel model, IArtifactStore store, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) => model.TakesSparseRows
        ? throw new JobException($"model {NameOf(model)} takes sparse rows, and the row is a text", "name a row of a libsvm source by --data and --row")
        : OfDocumentAsync(model, store, text, label: null, cancellationToken);

    private static async Task<ModelRow> OfDocumentAsync(TrainedModel model, IArtifactStore store, ReadOnlyMemory<byte> text, string? label, CancellationToken cancellationToken)
    {
        if (!model.TakesTexts)
            throw new JobException($"model {NameOf(model)} takes {model.Encoder.Shape}, and the row is a text", "give its numbers, parted by commas or spaces");
        if (model.Vocabulary is null)
            return new ModelRow(model, EncodedChunk.Of(model.Encoder, RawRows.OfDocuments(text, new[] { text.Length }), [], [])) { Label = label };
        var encoder = await model.RowsEncoderAsync(store, cancellationToken);
        encoder.Add(text.Span);
        return new ModelRow(model, new EncodedChunk(null, null, []) { Sparse = encoder.Take() }) { Label = label };
    }

    private static async Task<ModelRow> OfSourceAsync(TrainedModel model, IArtifactStore store, SourceReader reader, SourceManifest source, long row, CancellationToken cancellationToken)
    {
        model.EncoderFor(source);
        Jobs.SourceAgreement.CheckColumns(source, model.Description.ColumnNames, $"model {NameOf(model)}");
        if (source.IsText || source.Sparse is not null)
        {
            var documents = await reader.ReadDocumentsAsync(source, row, 1, cancellationToken);
            return await OfDocumentAsync(model, store, documents[0].ToArray(), documents.Labels.Length > 0 ? source.Labels[documents.Labels[0]] : null, cancellationToken);
        }
        var rows = await reader.ReadAsync(source, row, 1, cancellationToken);
        return OfRaw(model, rows.Rows, rows.Labels.Length > 0 ? source.Labels[rows.Labels[0]] : null);
    }

    private static ModelRow OfRaw(TrainedModel model, RawRows rows, string? label)
    {
        double[] values = rows.Shape.IsBytes ? [.. rows.Bytes[..rows.Shape.Columns].ToArray()] : [.. rows.Floats[..rows.Shape.Columns].ToArray()];
        try
        {
            return new ModelRow(model, EncodedChunk.Of(model.Encoder, rows, [], [])) { Values = values, Label = label };
        }
        catch (InvalidValueException invalid)
        {
            throw new JobException($"value {invalid.Column} of the row is {invalid.Value}, expected {invalid.Expected}", "correct the value");
        }
    }

    private static List<(int Input, double Value)> ActiveOf(TrainedModel model, EncodedChunk chunk) => chunk switch
    {
        { Sparse: { } sparse } => ActiveOf(sparse, TextFeatures.ScaleOf(model.Description.Text!)),
        { Dense: { } dense } => ActiveOf(dense),
        { Blocks: { } blocks } => ActiveOf(blocks),
        _ => [.. chunk.Groups.SelectMany((group, i) => ActiveOf(model, group).Select(active => (model.Encoder.Layout.FirstInputOf(i) + active.Input, active.Value)))],
    };

    private static List<(int, double)> ActiveOf(BlockRows rows)
    {
        var active = new List<(int, double)>();
        for (var block = 0; block < rows.Layout.Blocks; block++)
            active.Add((rows.Layout.BlockStart(block) + rows.Block(block)[0], 1));
        return active;
    }

    private static List<(int, double)> ActiveOf(DenseRows rows)
    {
        var values = new double[rows.Inputs];
        for (var j = 0; j < values.Length; j++)
            values[j] = rows.IsBytes ? rows.Bytes[j] : rows.Floats[j];
        var norm = values.Sum();
        return [.. values.Index().Where(value => value.Item > 0).Select(value => (value.Index, value.Item / norm))];
    }

    private static List<(int, double)> ActiveOf(SparseRows rows, SparseScale scale)
    {
        var active = new List<(int, double)>();
        var norm = rows.NormOf(0);
        for (int group = 0, from = 0; from < rows.Entries; group++)
        {
            var to = rows.EndOfGroup(group, from, rows.Entries);
            var factor = scale.IsByGroup ? scale.OfGroup(to - from) : 1 / norm;
            for (; from < to; from++)
                active.Add((rows.Indices[from], rows.Values[from] * factor));
        }
        return active;
    }

    private static string NameOf(TrainedModel model) => $"{model.Description.Name}/{model.Description.Version}";
}
