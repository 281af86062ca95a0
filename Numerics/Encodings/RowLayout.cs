namespace ExplicitCluster.Numerics.Encodings;

/// <summary>
/// How an encoded row is laid out. Inputs are numbered over all maps side by side: the values of a dense or sparse row, or for blocks the codes of
/// block 0, then of block 1, and so on: code i of block p is input <c>BlockStart(p) + i</c>.
/// </summary>
public sealed class RowLayout
{
    private readonly int[] _blockStarts;

    private RowLayout(EncodingKind kind, IReadOnlyList<MapLayout> maps, int inputs, int[] blockStarts)
    {
        Kind = kind;
        Maps = maps;
        Inputs = inputs;
        Groups = [this];
        _blockStarts = blockStarts;
    }

    public EncodingKind Kind { get; }

    public IReadOnlyList<MapLayout> Maps { get; }

    /// <summary>Of mixed rows the layout of each group, whose inputs follow one another; of other rows this alone.</summary>
    public IReadOnlyList<RowLayout> Groups { get; private init; }

    /// <summary>Number of inputs over all maps: D for dense and sparse rows, the sum of all block sizes for blocks.</summary>
    public int Inputs { get; }

    /// <summary>P, the number of blocks; 0 for dense and sparse rows.</summary>
    public int Blocks => _blockStarts.Length == 0 ? 0 : _blockStarts.Length - 1;

    /// <summary>Fixed-point units of one whole row's evidence in one cell: 1 for blocks (counts), 2^20 for the others (docs/math.md 1).</summary>
    /// <exception cref="InvalidOperationException">Mixed rows, whose groups have units of their own.</exception>
    public long Unit => Kind switch
    {
        EncodingKind.Blocks => 1,
        EncodingKind.Mixed => throw new InvalidOperationException("The groups of mixed rows have units of their own."),
        _ => Statistics.FixedPoint.One,
    };

    /// <summary>What K is divided by in a score: P for blocks (a mean over blocks), 1 for the others.</summary>
    public double ScoreDivisor => Kind == EncodingKind.Blocks ? Blocks : 1;

    /// <summary>P + 1 ascending input numbers; block p's codes are inputs starts[p] .. starts[p + 1] - 1.</summary>
    public ReadOnlySpan<int> BlockStarts => _blockStarts;

    public int BlockStart(int block) => _blockStarts[block];

    /// <summary>B_p, the number of codes of block p.</summary>
    public int BlockSize(int block) => _blockStarts[block + 1] - _blockStarts[block];

    /// <summary>Dense maps side by side: they are normalised once, together.</summary>
    public static RowLayout Dense(IEnumerable<(string Name, int Inputs)> maps) => OfValues(EncodingKind.Dense, maps);

    /// <summary>The group of an input, and the input's number in it.</summary>
    public (int Group, int Input) Locate(int input)
    {
        var group = 0;
        while (input >= Groups[group].Inputs)
            input -= Groups[group++].Inputs;
        return (group, input);
    }

    /// <summary>The first input of a group.</summary>
    public int FirstInputOf(int group) => Groups.Take(group).Sum(layout => layout.Inputs);

    /// <summary>Groups side by side: inputs and blocks of each are numbered after those of the groups before it.</summary>
    public static RowLayout Mixed(IReadOnlyList<RowLayout> groups)
    {
        var maps = new List<MapLayout>();
        var (inputs, blocks) = (0, 0);
        foreach (var group in groups)
        {
            maps.AddRange(group.Maps.Select(map => map with { FirstInput = inputs + map.FirstInput, FirstBlock = blocks + map.FirstBlock }));
            (inputs, blocks) = (checked(inputs + group.Inputs), blocks + group.Blocks);
        }
        return new RowLayout(EncodingKind.Mixed, maps, inputs, []) { Groups = groups };
    }

    /// <summary>Groups of features side by side.</summary>
    public static RowLayout Sparse(IEnumerable<(string Name, int Inputs)> groups) => OfValues(EncodingKind.Sparse, groups);

    /// <summary>Block maps side by side: their blocks pool.</summary>
    public static RowLayout OfBlocks(IEnumerable<(string Name, int Blocks, int Codes)> maps)
    {
        var layouts = new List<MapLayout>();
        var starts = new List<int> { 0 };
        foreach (var (name, blocks, codes) in maps)
        {
            layouts.Add(new MapLayout(name, starts[^1], checked(blocks * codes), starts.Count - 1, blocks));
            for (var block = 0; block < blocks; block++)
                starts.Add(checked(starts[^1] + codes));
        }
        return new RowLayout(EncodingKind.Blocks, layouts, starts[^1], [.. starts]);
    }

    /// <summary>Blocks of any sizes, as one map.</summary>
    public static RowLayout OfBlockSizes(string name, IReadOnlyList<int> sizes)
    {
        var starts = new int[sizes.Count + 1];
        for (var block = 0; block < sizes.Count; block++)
            starts[block + 1] = checked(starts[block] + sizes[block]);
        return new RowLayout(EncodingKind.Blocks, [new MapLayout(name, 0, starts[^1], 0, sizes.Count)], starts[^1], starts);
    }

    private static RowLayout OfValues(EncodingKind kind, IEnumerable<(string Name, int Inputs)> maps)
    {
        var layouts = new List<MapLayout>();
        var inputs = 0;
        foreach (var (name, count) in maps)
        {
            layouts.Add(new MapLayout(name, inputs, count, 0, 0));
            inputs = checked(inputs + count);
        }
        return new RowLayout(kind, layouts, inputs, []);
    }
}
