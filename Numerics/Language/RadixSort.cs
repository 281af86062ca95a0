using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExplicitCluster.Numerics.Language;

/// <summary>Sorts numbers by their digits, the lowest first; digits that are the same in all are skipped.</summary>
internal static class RadixSort
{
    private const int DigitBits = 11;
    private const int Digits = 1 << DigitBits;
    private const int Few = 1 << 10;

    /// <summary>Sorts ascending; <paramref name="scratch"/> is as long. All numbers are below 2^<paramref name="bits"/>.</summary>
    public static void Sort(Span<ulong> numbers, Span<ulong> scratch, int bits)
    {
        if (numbers.Length < Few)
        {
            numbers.Sort();
            return;
        }
        var passes = (bits + DigitBits - 1) / DigitBits;
        var counts = new int[passes * Digits];
        foreach (var number in numbers)
        {
            for (var pass = 0; pass < passes; pass++)
                counts[pass * Digits + (int)(number >> (pass * DigitBits) & (Digits - 1))]++;
        }
        var from = numbers;
        var to = scratch[..numbers.Length];
        var swapped = false;
        for (var pass = 0; pass < passes; pass++)
        {
            var places = counts.AsSpan(pass * Digits, Digits);
            if (places.Contains(numbers.Length))
                continue;
            var sum = 0;
            foreach (ref var place in places)
                (place, sum) = (sum, sum + place);
            Scatter(from, to, places, pass * DigitBits);
            var done = from;
            from = to;
            to = done;
            swapped = !swapped;
        }
        if (swapped)
            from.CopyTo(numbers);
    }

    private static void Scatter(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> places, int shift)
    {
        // Every place is below the length, because the digits were counted: the bounds need no second check.
        ref var place = ref MemoryMarshal.GetReference(places);
        ref var target = ref MemoryMarshal.GetReference(to);
        foreach (var number in from)
            Unsafe.Add(ref target, Unsafe.Add(ref place, (int)(number >> shift & (Digits - 1)))++) = number;
    }
}
