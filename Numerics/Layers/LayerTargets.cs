using ExplicitCluster.Numerics.Solution;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Layers;

/// <summary>
/// What a layer tells apart (docs/math.md 12): problems of so many choices each, a column of scores a choice. Classes, or sub-classes of them, are one problem. Codes of b bits are b problems of
/// two choices, 0 and 1, the most significant bit first: counts are linear in the targets, so a column of a bit is the sum of the columns of the classes that have it.
/// </summary>
public sealed class LayerTargets
{
    /// <summary>Bits of a code at most: a window's code is then a 16-bit number.</summary>
    public const int MostBits = 16;

    private readonly int[]? _codes;

    private LayerTargets(int problems, int choices, int[]? codes) => (Problems, Choices, _codes) = (problems, choices, codes);

    public int Problems { get; }

    /// <summary>Choices a problem.</summary>
    public int Choices { get; }

    /// <summary>Columns of scores: column <c>problem x Choices + choice</c>.</summary>
    public int Columns => Problems * Choices;

    /// <summary>What a window can be, one choice of every problem: Choices ^ Problems.</summary>
    public int Outcomes => (int)Math.Pow(Choices, Problems);

    /// <summary>One problem: the classes, or all sub-classes.</summary>
    public static LayerTargets OfClasses(int classes) => new(1, classes, null);

    /// <summary>A problem a bit of the classes' codes, (C).</summary>
    public static LayerTargets OfCodes(int[] codes, int bits) => new(bits, 2, codes);

    /// <summary>What a target is as one number: the class itself, or its code.</summary>
    /// <param name="target">A column of F.</param>
    public int OutcomeOf(int target) => _codes?[target] ?? target;

    /// <summary>The column that counts a target in a problem.</summary>
    /// <param name="target">A column of F: a class or a sub-class.</param>
    /// <param name="problem">From 0.</param>
    public int ColumnOf(int target, int problem) => _codes is null ? target : 2 * problem + ((_codes[target] >> (Problems - 1 - problem)) & 1);

    /// <summary>From F by targets, (D, C), to F by columns; the table itself where these are the same.</summary>
    /// <exception cref="OverflowException">A count beyond 2^63 - 1.</exception>
    public CountTable ColumnsOf(CountTable counts) =>
        _codes is null ? counts : new CountTable(counts.Inputs, Columns, counts.Seen, Sums(counts.Counts, counts.Classes));

    /// <summary>The totals of the columns.</summary>
    /// <exception cref="OverflowException">A mass beyond 2^63 - 1.</exception>
    public ClassTotals ColumnsOf(ClassTotals totals) =>
        _codes is null ? totals : new ClassTotals(Sums(totals.Rows, totals.Classes), Sums(totals.Mass, totals.Classes));

    private long[] Sums(long[] counts, int classes)
    {
        var sums = new long[counts.Length / classes * Columns];
        for (var i = 0; i < counts.Length; i++)
        {
            for (var problem = 0; problem < Problems; problem++)
            {
                ref var sum = ref sums[i / classes * Columns + ColumnOf(i % classes, problem)];
                sum = checked(sum + counts[i]);
            }
        }
        return sums;
    }
}
