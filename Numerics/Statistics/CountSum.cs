using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Statistics;

/// <summary>
/// The sum of one run of inputs of F over any number of tables, each with its own numbering of classes. Integers: the order of the tables does
/// not matter. Holds (inputs, C) int64 while it sums.
/// </summary>
/// <param name="firstInput">The first input of the run.</param>
/// <param name="inputs">The length of the run.</param>
/// <param name="classes">C of the sum.</param>
public sealed class CountSum(int firstInput, int inputs, int classes)
{
    private readonly long[] _counts = new long[(long)inputs * classes];
    private readonly bool[] _touched = new bool[inputs];

    /// <summary>The first input of the run.</summary>
    public int FirstInput => firstInput;

    /// <summary>The length of the run.</summary>
    public int Inputs => inputs;

    /// <summary>Adds rows, under the sum's numbering of classes; inputs outside the run are passed over.</summary>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public void Add(CountRows rows)
    {
        var seen = rows.Seen;
        var counts = rows.Counts;
        for (var i = 0; i < seen.Length; i++)
        {
            var row = Begin(seen[i]);
            if (row >= 0)
                AddRow(counts.Slice(i * classes, classes), _counts.AsSpan((int)row, classes));
        }
    }

    /// <summary>The index of an input's first cell, for <see cref="Add(long, long)"/>; -1 outside the run. The input counts as seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Begin(int input)
    {
        var at = input - firstInput;
        if ((uint)at >= (uint)inputs)
            return -1;
        _touched[at] = true;
        return (long)at * classes;
    }

    /// <summary>Adds one count.</summary>
    /// <param name="cell">What <see cref="Begin"/> gave, and the class.</param>
    /// <param name="count">Rows or mass.</param>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long cell, long count)
    {
        ref var sum = ref _counts[cell];
        sum = checked(sum + count);
    }

    /// <summary>The sum as a table of <paramref name="allInputs"/> inputs.</summary>
    public CountTable ToTable(int allInputs)
    {
        var seen = new List<int>();
        for (var input = 0; input < inputs; input++)
        {
            if (_touched[input])
                seen.Add(input);
        }
        var counts = new long[(long)seen.Count * classes];
        for (var i = 0; i < seen.Count; i++)
            _counts.AsSpan(seen[i] * classes, classes).CopyTo(counts.AsSpan(i * classes));
        return new CountTable(allInputs, classes, [.. seen.Select(input => input + firstInput)], counts);
    }

    /// <summary>Most cells of a row are zero, in no order that a branch could learn: all are added, and a lost sign is looked for once.</summary>
    internal static void AddRow(ReadOnlySpan<long> source, Span<long> target)
    {
        var lost = Vector256<long>.Zero;
        var c = 0;
        for (; c + Vector256<long>.Count <= source.Length; c += Vector256<long>.Count)
        {
            var (before, added) = (Vector256.Create<long>(target[c..]), Vector256.Create(source[c..]));
            var sum = before + added;
            lost |= (before ^ sum) & (added ^ sum);
            sum.CopyTo(target[c..]);
        }
        if (lost.ExtractMostSignificantBits() != 0)
            throw new OverflowException("a sum of counts left the range of 64 bits");
        for (; c < source.Length; c++)
            target[c] = checked(target[c] + source[c]);
    }
}
