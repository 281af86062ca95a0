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

    /// <summary>Adds the rows of <paramref name="part"/> that fall into the run.</summary>
    /// <param name="part">A part of F; its inputs outside the run are passed over.</param>
    /// <param name="classOf">The sum's class of each of the part's classes.</param>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public void Add(CountTable part, ReadOnlySpan<int> classOf)
    {
        var same = classOf.Length == classes && IsIdentity(classOf);
        for (var i = LowerBound(part.Seen, firstInput); i < part.Seen.Length && part.Seen[i] - firstInput < inputs; i++)
        {
            var input = part.Seen[i] - firstInput;
            _touched[input] = true;
            var source = part.Row(i);
            var target = _counts.AsSpan(input * classes, classes);
            if (same)
            {
                AddRow(source, target);
                continue;
            }
            for (var c = 0; c < source.Length; c++)
            {
                if (source[c] != 0)
                    target[classOf[c]] = checked(target[classOf[c]] + source[c]);
            }
        }
    }

    /// <summary>Adds one count; of an input outside the run it is passed over.</summary>
    /// <param name="input">The input.</param>
    /// <param name="c">The sum's class.</param>
    /// <param name="count">Rows or mass.</param>
    /// <exception cref="OverflowException">A sum beyond 2^63 - 1.</exception>
    public void Add(int input, int c, long count)
    {
        var at = input - firstInput;
        if ((uint)at >= (uint)inputs)
            return;
        _touched[at] = true;
        ref var cell = ref _counts[(long)at * classes + c];
        cell = checked(cell + count);
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

    private static bool IsIdentity(ReadOnlySpan<int> classOf)
    {
        for (var c = 0; c < classOf.Length; c++)
        {
            if (classOf[c] != c)
                return false;
        }
        return true;
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

    private static int LowerBound(int[] sorted, int value)
    {
        var at = Array.BinarySearch(sorted, value);
        return at < 0 ? ~at : at;
    }
}
