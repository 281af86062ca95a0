namespace ExplicitCluster.Numerics.Statistics;

/// <summary>
/// Co-occurrence F as the rows of inputs that were seen: (Seen.Length, Classes), row-major, in fixed-point units. Every other input has zeros.
/// </summary>
public sealed class CountTable : ICountSource, ICountPart
{
    /// <param name="inputs">D, the number of inputs, seen or not.</param>
    /// <param name="classes">C.</param>
    /// <param name="seen">Ascending inputs with at least one non-zero cell.</param>
    /// <param name="counts">(seen, C), row-major; handed over, not copied.</param>
    public CountTable(int inputs, int classes, int[] seen, long[] counts)
    {
        if (counts.Length != (long)seen.Length * classes)
            throw new ArgumentException($"{seen.Length} inputs of {classes} classes need {(long)seen.Length * classes} counts, not {counts.Length}", nameof(counts));
        for (var i = 0; i < seen.Length; i++)
        {
            if (seen[i] <= (i == 0 ? -1 : seen[i - 1]) || seen[i] >= inputs)
                throw new ArgumentException($"input {seen[i]} at {i} is not ascending within [0, {inputs})", nameof(seen));
        }
        Inputs = inputs;
        Classes = classes;
        Seen = seen;
        Counts = counts;
    }

    public int Inputs { get; }

    public int Classes { get; }

    public int[] Seen { get; }

    public long[] Counts { get; }

    public ReadOnlySpan<long> Row(int index) => Counts.AsSpan(index * Classes, Classes);

    /// <summary>The same inputs of some of the classes.</summary>
    /// <param name="classes">Which, in the order that they get.</param>
    public CountTable OfClasses(IReadOnlyList<int> classes)
    {
        var counts = new long[(long)Seen.Length * classes.Count];
        for (var row = 0; row < Seen.Length; row++)
        {
            for (var c = 0; c < classes.Count; c++)
                counts[row * classes.Count + c] = Counts[row * Classes + classes[c]];
        }
        return new CountTable(Inputs, classes.Count, Seen, counts);
    }

    /// <summary>This less a table that is part of it; inputs of which nothing is left are not seen in it.</summary>
    /// <exception cref="ArgumentException">The other is no part of this one.</exception>
    public CountTable Without(CountTable part)
    {
        var counts = Counts.AsSpan().ToArray();
        for (var (row, i) = (0, 0); i < part.Seen.Length; row++)
        {
            if (row == Seen.Length || Seen[row] > part.Seen[i])
                throw new ArgumentException($"input {part.Seen[i]} of the part was never seen in the whole", nameof(part));
            if (Seen[row] < part.Seen[i])
                continue;
            var taken = part.Row(i++);
            for (var c = 0; c < Classes; c++)
            {
                ref var count = ref counts[row * Classes + c];
                count = count >= taken[c] ? count - taken[c] : throw new ArgumentException($"input {Seen[row]} has fewer counts in the whole than in the part", nameof(part));
            }
        }
        var kept = 0;
        var seen = new int[Seen.Length];
        for (var row = 0; row < Seen.Length; row++)
        {
            var cells = counts.AsSpan(row * Classes, Classes);
            if (!cells.ContainsAnyExcept(0))
                continue;
            cells.CopyTo(counts.AsSpan(kept * Classes));
            seen[kept++] = Seen[row];
        }
        return new CountTable(Inputs, Classes, seen[..kept], counts[..(kept * Classes)]);
    }

    ReadOnlySpan<int> ICountPart.Seen => Seen;

    /// <inheritdoc/>
    public CountRows Between(int firstInput, int endInput)
    {
        var (first, end) = (FirstAtLeast(Seen, firstInput), FirstAtLeast(Seen, endInput));
        return new CountRows(Seen.AsSpan(first, end - first), Counts.AsSpan(first * Classes, (end - first) * Classes));
    }

    void ICountPart.AddRows(int firstRow, int endRow, ReadOnlySpan<int> places, int firstInput, Span<long> counts)
    {
        for (var row = firstRow; row < endRow; row++)
            CountSum.AddRow(Row(row), counts.Slice(places[Seen[row] - firstInput] * Classes, Classes));
    }

    /// <summary>Index of the first of ascending inputs that is not below one.</summary>
    internal static int FirstAtLeast(ReadOnlySpan<int> seen, int input)
    {
        var index = seen.BinarySearch(input);
        return index < 0 ? ~index : index;
    }
}
