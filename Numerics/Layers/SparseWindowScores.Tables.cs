using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Solution;

namespace ExplicitCluster.Numerics.Layers;

/// <content>
/// The tables, and sums over their rows. Logs are within 2^30 units (64 nats), and the shares of a row add up to about 2^20, so that no sum reaches 2^53: sums of products in
/// float64 are those of integers, whichever way they are added, and with or without fused operations.
/// </content>
public sealed partial class SparseWindowScores
{
    private const int Lanes = 4;
    private const int Ahead = 4;
    private const int LineNumbers = 64 / sizeof(int);
    private const long MostUnits = 1 << 30;

    private static int StrideOf(int columns) => (columns + Lanes - 1) / Lanes * Lanes;

    private void FillLogs()
    {
        var logs = new double[_columns];
        for (var input = 0; input < _layout.Inputs; input++)
        {
            for (var c = 0; c < _columns; c++)
                logs[c] = RestOf(CountOf(input, c), 0) + _alpha;
            SameBits.Log(logs, logs);
            for (var c = 0; c < _columns; c++)
                _logs[(long)input * _stride + c] = Entry(Units(logs[c]) + MoveOf(input, c));
        }
    }

    private int Entry(long units)
    {
        if (Math.Abs(units) <= MostUnits)
            return (int)units;
        var (most, nats) = (MostUnits / WindowScores.One, units / WindowScores.One);
        throw _moves is null
            ? new SolveException($"a layer of texts holds logs of counts up to {most} nats, and with alpha {_alpha} one is {nats:F1}", "use a larger solve.alpha")
            : new SolveException($"a refined layer of texts holds scores up to {most} nats, and one is {nats:F1}", "use a lower refine.learningRate");
    }

    private void SumMasses()
    {
        for (var window = 0; window < Windows; window++)
        {
            var masses = _masses.AsSpan(window * _columns, _columns);
            foreach (var group in _groupsOf[window])
            {
                var map = _layout.Maps[group];
                var counts = _counts.Between(map.FirstInput, map.FirstInput + map.Inputs).Counts;
                for (var i = 0; i < counts.Length; i += _columns)
                {
                    for (var c = 0; c < _columns; c++)
                        masses[c] = checked(masses[c] + counts[i + c]);
                }
            }
        }
    }

    /// <summary>round(2^24 log(T_w + a D_w)), with so many inputs less in the window.</summary>
    private ReadOnlySpan<long> LogMassesOf(int window, int leftOut, Span<long> room)
    {
        if (leftOut == 0)
            return _logMasses.AsSpan(window * _columns, _columns);
        WriteLogMasses(window, leftOut, room);
        return room;
    }

    private void WriteLogMasses(int window, int leftOut, Span<long> units)
    {
        Span<double> logs = _columns <= 256 ? stackalloc double[_columns] : new double[_columns];
        for (var c = 0; c < _columns; c++)
            logs[c] = RestOf(_masses[window * _columns + c], 0) + _alpha * (_inputs[window] - leftOut);
        SameBits.Log(logs, logs);
        for (var c = 0; c < _columns; c++)
            units[c] = Units(logs[c]);
    }

    /// <summary>sums = the sum over the group's entries of share x log.</summary>
    private void Add(SparseShares row, int group, Span<double> sums)
    {
        sums.Clear();
        ref var to = ref MemoryMarshal.GetReference(sums);
        ref var logs = ref MemoryMarshal.GetArrayDataReference(_logs);
        var inputs = row.Inputs;
        var shares = row.Shares;
        var (from, end) = row.EntriesOf(group);
        for (var i = from; i < end; i++)
        {
            if (i + Ahead < inputs.Length)
                Prefetch(ref Unsafe.Add(ref logs, (nint)inputs[i + Ahead] * _stride));
            ref var entry = ref Unsafe.Add(ref logs, (nint)inputs[i] * _stride);
            var share = Vector256.Create((double)shares[i]);
            for (var c = 0; c < _stride; c += Lanes)
                (Vector256.LoadUnsafe(ref to, (nuint)c) + share * Numbers(Vector128.LoadUnsafe(ref entry, (nuint)c))).StoreUnsafe(ref to, (nuint)c);
        }
    }

    private void AddGroups(int window, double[] groupSums, double[] sum)
    {
        Array.Clear(sum);
        ref var to = ref MemoryMarshal.GetArrayDataReference(sum);
        foreach (var group in _groupsOf[window])
        {
            ref var from = ref groupSums[group * _stride];
            for (var c = 0; c < _stride; c += Lanes)
                (Vector256.LoadUnsafe(ref to, (nuint)c) + Vector256.LoadUnsafe(ref from, (nuint)c)).StoreUnsafe(ref to, (nuint)c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Numbers(Vector128<int> integers) => Avx.IsSupported
        ? Avx.ConvertToVector256Double(integers)
        : Vector256.ConvertToDouble(Vector256.Create(Vector128.WidenLower(integers), Vector128.WidenUpper(integers)));

    /// <summary>A row of the table, which is larger than the caches, is asked for before it is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Prefetch(ref int row)
    {
        if (!Sse.IsSupported)
            return;
        for (var c = 0; c < _stride; c += LineNumbers)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, c)));
    }
}
