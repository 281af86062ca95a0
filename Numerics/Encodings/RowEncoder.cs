using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ExplicitCluster.Numerics.Features;

namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// Several feature maps side by side over rows of one shape. Dense maps are concatenated and normalised once; block maps pool their blocks;
/// dense and blocks meet only as groups of a mixed row, each with an encoder of its own.
/// </summary>
public sealed class RowEncoder
{
    private readonly IReadOnlyList<FeatureMap> _maps;
    private readonly Func<DocumentEncoder>? _make;
    private readonly ConcurrentBag<DocumentEncoder> _idle = [];

    /// <exception cref="FeatureException">No map, dense maps beside blocks, or a shape that does not suit a map.</exception>
    public RowEncoder(IReadOnlyList<FeatureMap> maps, RowShape shape)
    {
        if (maps.Count == 0)
            throw new FeatureException("no feature map is given", "name at least one map under 'features'");
        _maps = maps;
        Shape = shape;
        if (maps.All(map => map is DenseMap))
        {
            HasByteValues = shape.IsBytes && !maps.Cast<DenseMap>().Any(map => map.MakesNumbers);
            if (shape.IsBytes && !HasByteValues && maps.Cast<DenseMap>().FirstOrDefault(map => !map.MakesNumbers) is { } bytes)
            {
                throw new FeatureException(
                    $"the map 'layer' gives probabilities and the map '{bytes.Name}' bytes, and a row is normalised once",
                    "use layers alone, or the map in a layer below");
            }
            Layout = RowLayout.Dense(maps.Cast<DenseMap>().Select(map => (map.Name, map.InputsOf(shape))));
        }
        else if (maps.All(map => map is BlockMap))
        {
            Layout = RowLayout.OfBlocks(maps.Cast<BlockMap>().Select(map => (map.Name, map.BlocksOf(shape), map.Codes)));
        }
        else
        {
            var dense = maps.First(map => map is DenseMap).Name;
            var blocks = maps.First(map => map is BlockMap).Name;
            throw new FeatureException(
                $"mixed features: '{dense}' is dense and '{blocks}' is of blocks, and one row cannot hold both",
                "use maps of one encoding, pixels and complement, or bins, patches and orientations; or give each map a K of its own with solve.k: groups");
        }
    }

    private RowEncoder(IReadOnlyList<FeatureMap> maps, RowLayout layout, RowShape shape, Func<DocumentEncoder>? make = null) => (_maps, Layout, Shape, _make) = (maps, layout, shape, make);

    public RowShape Shape { get; }

    public RowLayout Layout { get; }

    /// <summary>Dense rows: whether their values are bytes, and not float32.</summary>
    public bool HasByteValues { get; }

    /// <summary>The maps in the order of <see cref="RowLayout.Maps"/>.</summary>
    public IReadOnlyList<FeatureMap> Maps => _maps;

    /// <summary>Of mixed rows the encoder of each group; empty for others.</summary>
    public IReadOnlyList<RowEncoder> Groups { get; private init; } = [];

    /// <summary>Rows that are no numbers, and which something else encodes: only their layout.</summary>
    public static RowEncoder OfSparse(RowLayout layout) => new([], layout, RowShape.Texts);

    /// <summary>Documents, encoded by as many encoders as there are threads that ask at once.</summary>
    /// <param name="layout">Layout of the rows.</param>
    /// <param name="make">Makes an encoder of rows of this layout; called from any thread.</param>
    public static RowEncoder OfSparse(RowLayout layout, Func<DocumentEncoder> make) => new([], layout, RowShape.Texts, make);

    /// <summary>Groups side by side, encoded one by one: see <see cref="Groups"/>.</summary>
    /// <param name="groups">At least one, over rows of one shape.</param>
    public static RowEncoder Mixed(IReadOnlyList<RowEncoder> groups) =>
        new([.. groups.SelectMany(group => group.Maps)], RowLayout.Mixed([.. groups.Select(group => group.Layout)]), groups[0].Shape) { Groups = groups };

    /// <summary>Encodes dense rows. Byte rows of the pixels map alone are not copied.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN, infinite or out of range.</exception>
    public DenseRows EncodeDense(RawRows rows) => EncodeDense(rows, []);

    /// <summary>The same for rows that layers below learned from: each is left out of what was learned.</summary>
    /// <param name="rows">Raw rows.</param>
    /// <param name="own">The class of each row; empty for new rows.</param>
    /// <exception cref="InvalidValueException">A value is negative, NaN, infinite or out of range.</exception>
    public DenseRows EncodeDense(RawRows rows, ReadOnlySpan<int> own)
    {
        if (HasByteValues && _maps is [PixelMap])
            return new DenseRows(rows.Count, Layout.Inputs, isBytes: true, rows.Data);
        var bytesPerInput = HasByteValues ? 1 : sizeof(float);
        var data = new byte[checked(rows.Count * Layout.Inputs * bytesPerInput)];
        for (var i = 0; i < _maps.Count; i++)
        {
            var map = (DenseMap)_maps[i];
            var output = data.AsSpan(Layout.Maps[i].FirstInput * bytesPerInput);
            if (HasByteValues)
                map.Encode(rows, output, Layout.Inputs);
            else
                map.Encode(rows, own, MemoryMarshal.Cast<byte, float>(output), Layout.Inputs);
        }
        return new DenseRows(rows.Count, Layout.Inputs, HasByteValues, data);
    }

    /// <summary>Encodes rows into blocks.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public BlockRows EncodeBlocks(RawRows rows) => Encode(rows, [], new BlockRows(Layout, rows.Count));

    /// <summary>The same into memory that is there already; see <see cref="BlockRows.CodesFor"/>.</summary>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public BlockRows EncodeBlocks(RawRows rows, ushort[] room) => Encode(rows, [], new BlockRows(Layout, rows.Count, room));

    /// <summary>The same for rows that layers below learned from: each is left out of what was learned.</summary>
    /// <param name="rows">Raw rows.</param>
    /// <param name="own">The class of each row; empty for new rows.</param>
    /// <param name="room">Memory for the codes; null to have it made.</param>
    /// <exception cref="InvalidValueException">A value is negative, NaN or infinite.</exception>
    public BlockRows EncodeBlocks(RawRows rows, ReadOnlySpan<int> own, ushort[]? room) =>
        Encode(rows, own, room is null ? new BlockRows(Layout, rows.Count) : new BlockRows(Layout, rows.Count, room));

    /// <summary>Encodes documents.</summary>
    /// <exception cref="InvalidOperationException">Only the layout is known.</exception>
    public SparseRows EncodeSparse(RawRows rows)
    {
        if (!_idle.TryTake(out var encoder))
            encoder = _make?.Invoke() ?? throw new InvalidOperationException("No encoder of documents was given.");
        for (var row = 0; row < rows.Count; row++)
            encoder.Add(rows.Row(row));
        var encoded = encoder.Take();
        _idle.Add(encoder); // one that failed has half of the rows, and is not used again
        return encoded;
    }

    private BlockRows Encode(RawRows rows, ReadOnlySpan<int> own, BlockRows output)
    {
        for (var i = 0; i < _maps.Count; i++)
            ((BlockMap)_maps[i]).Encode(rows, own, output, Layout.Maps[i].FirstBlock);
        return output;
    }
}
