using ExplicitCluster.Abstractions.Errors;
using ExplicitCluster.Abstractions.Shards;
using ExplicitCluster.Abstractions.Specifications;
using ExplicitCluster.Data.Sources;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Grains.Shards;

/// <summary>Rows as they were read, their classes, and where they come from: what is wrong with one is told by its number in the source.</summary>
internal sealed class RawChunk
{
    private readonly SourceManifest _source;
    private readonly LabelledRows _rows;

    /// <summary>Number within the source of the first row that was read.</summary>
    private readonly long _first;

    /// <summary>What was taken of the rows that were read; null for all of them.</summary>
    private readonly int[]? _taken;

    /// <param name="source">The source.</param>
    /// <param name="rows">Rows of it that count, and their labels.</param>
    /// <param name="first">Number within the source at which the reading began.</param>
    /// <param name="number">Number of the first of them among all rows of a job.</param>
    /// <param name="classOf">The class of each of the source's labels, -1 where it has none; null where labels do not matter.</param>
    /// <param name="passesUnknown">Whether a label may have no class; see <see cref="Known"/>.</param>
    /// <exception cref="JobException">A row's label has no class.</exception>
    public RawChunk(SourceManifest source, LabelledRows rows, long first, long number, int[]? classOf, bool passesUnknown = false)
        : this(source, rows, first, classOf is null ? [] : new int[rows.Labels.Length], null)
    {
        Number = number;
        for (var m = 0; m < Classes.Length; m++)
        {
            Classes[m] = classOf![rows.Labels[m]];
            if (Classes[m] < 0 && !passesUnknown)
                throw UnknownLabel(rows.Labels[m], RowAt(m));
        }
    }

    private RawChunk(SourceManifest source, LabelledRows rows, long first, int[] classes, int[]? taken) =>
        (_source, _rows, _first, Classes, _taken) = (source, rows, first, classes, taken);

    /// <summary>Of a chunk as it was read: the number of its first row among all rows of the job.</summary>
    public long Number { get; }

    public int Count => _rows.Rows.Count;

    public int[] Classes { get; }

    /// <summary>Some of the rows, by their indices from 0, ascending.</summary>
    public RawChunk Take(int[] indices)
    {
        if (indices.Length == Count)
            return this;
        var labels = _rows.Labels.Length == 0 ? [] : Array.ConvertAll(indices, index => _rows.Labels[index]);
        var classes = Classes.Length == 0 ? [] : Array.ConvertAll(indices, index => Classes[index]);
        var taken = _taken is null ? indices : Array.ConvertAll(indices, index => _taken[index]);
        return new RawChunk(_source, new LabelledRows(_rows.Rows.Take(indices), labels) { Weights = _rows.Weights is null ? null : Array.ConvertAll(indices, index => _rows.Weights[index]) }, _first, classes, taken);
    }

    /// <summary>The rows whose labels have a class.</summary>
    public RawChunk Known() => Array.TrueForAll(Classes, c => c >= 0) ? this : Take([.. Enumerable.Range(0, Count).Where(m => Classes[m] >= 0)]);

    /// <summary>The rows that are held out, and those that are not.</summary>
    public (RawChunk HeldOut, RawChunk Others) Part()
    {
        var heldOut = RowFold.AreHeldOut(_source, _rows);
        return (Take(Where(true)), Take(Where(false)));

        int[] Where(bool wanted) => [.. Enumerable.Range(0, heldOut.Length).Where(m => heldOut[m] == wanted)];
    }

    /// <summary>The fold of each row, of so many.</summary>
    public int[] FoldsOf(int count) => RowFold.FoldsOf(_source, _rows, count);

    /// <summary>The rows outside a fold.</summary>
    public RawChunk Without(FoldSpecification fold)
    {
        var folds = FoldsOf(fold.Of);
        return Take([.. Enumerable.Range(0, folds.Length).Where(m => folds[m] != fold.Fold)]);
    }

    /// <summary>Of rows that are learned from.</summary>
    /// <param name="who">Who takes no weights, e.g. averaging takes.</param>
    /// <param name="what">What to remove if not the weights.</param>
    /// <exception cref="JobException">Rows have weights.</exception>
    public void RefuseWeights(string who, string what)
    {
        if (_rows.Weights is not null)
            throw new JobException($"{_source.Files[0].Path} has weights, and {who} rows that count alike", $"remove the column of weights, or {what}");
    }

    /// <summary>Encodes new rows.</summary>
    /// <inheritdoc cref="Encode(RowEncoder, int[], ushort[])"/>
    public EncodedChunk Encode(RowEncoder encoder) => Encode(encoder, []);

    /// <param name="encoder">The feature maps.</param>
    /// <param name="own">Where layers below learned from these rows: the class of each, which is left out of what was learned. Empty for new rows.</param>
    /// <param name="room">Memory for codes; null to have it made.</param>
    /// <exception cref="JobException">A value that the feature maps cannot take.</exception>
    public EncodedChunk Encode(RowEncoder encoder, int[] own, ushort[]? room = null) => Telling(() => EncodedChunk.Of(encoder, _rows.Rows, Classes, own, room));

    /// <summary>Adds the rows to rows that are held as levels.</summary>
    /// <exception cref="JobException">A value that the feature maps cannot take.</exception>
    public void AddTo(LevelRows levels) => Telling(() =>
    {
        levels.Add(_rows.Rows);
        return true;
    });

    private T Telling<T>(Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (InvalidValueException invalid)
        {
            throw new JobException(
                $"{SourceReader.Describe(_source, RowAt(invalid.Row), invalid.Column)} is {invalid.Value}, expected {invalid.Expected}",
                "correct the value, or use another feature map");
        }
    }

    /// <summary>The number within the source of a row.</summary>
    private long RowAt(int index) => KeptRows.RowAt(_source, _first, _taken is null ? index : _taken[index]);

    private JobException UnknownLabel(int label, long row) => new(
        $"{_source.Files[0].Path} row {row}: the label '{_source.Labels[label]}' does not occur in the training rows",
        "remove these rows, or train on rows of that label as well");
}
