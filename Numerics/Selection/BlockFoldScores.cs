using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Elementary;
using ExplicitCluster.Numerics.Encodings;

namespace ExplicitCluster.Numerics.Selection;

/// <summary>
/// Scores of rows in blocks straight from counts, eight alphas at once: the logarithms of a count under all of them lie side by side, so that a table of
/// counts serves every alpha (docs/math.md 4). Sums run over blocks in order, each alpha and class on its own. Safe for concurrent use.
/// </summary>
internal sealed class BlockFoldScores
{
    private const int Lanes = GridSettings.Lanes;
    private const int Half = Lanes / 2;
    private const int BlocksPerPass = 8;
    private const int MostMemo = 1 << 16;

    private readonly BlockFoldTables _tables;
    private readonly double[][] _alphas;
    private readonly double[][] _logs;              // of each group of alphas, (counts, lanes)
    private readonly double[][][][] _normalisers;   // of each group and map, (tables and then own class, C, lanes)

    public BlockFoldScores(BlockFoldTables tables, FoldEvidence evidence, GridSettings settings)
    {
        _tables = tables;
        _alphas = [.. Enumerable.Range(0, settings.AlphaGroups).Select(settings.AlphasOf)];
        var memo = Math.Min(tables.Tables[0].Max(), MostMemo) + 1;
        _logs = [.. _alphas.Select(alphas => LogsOf(alphas, memo))];
        _normalisers = [.. _alphas.Select(alphas => tables.Layout.Maps.Select(map => NormalisersOf(evidence, map, alphas)).ToArray())];
    }

    private int Classes => _tables.Classes;

    private int Folds => _tables.Tables.Length - 1;

    /// <summary>Writes sum over each map's blocks of log P(code | class) for rows <paramref name="first"/> on, under one group of alphas.</summary>
    /// <exception cref="ArgumentException">A code is out of range.</exception>
    public void Write(int alphaGroup, BlockRows rows, int first, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, TileSums sums)
    {
        Array.Fill(sums.Share, 1, 0, labels.Length);
        for (var map = 0; map < _tables.Layout.Maps.Count; map++)
        {
            var leftOut = sums.LeftOut[map].AsSpan(0, labels.Length * Classes * Lanes);
            var held = sums.Held[map].AsSpan(0, labels.Length * Classes * Lanes);
            leftOut.Clear();
            held.Clear();
            var end = _tables.Layout.Maps[map].FirstBlock + _tables.Layout.Maps[map].Blocks;
            for (var block = _tables.Layout.Maps[map].FirstBlock; block < end; block += BlocksPerPass)
                AddBlocks(alphaGroup, rows, (block, Math.Min(BlocksPerPass, end - block)), first, labels, folds, leftOut, held);
            Normalise(_normalisers[alphaGroup][map], labels, folds, leftOut, held);
        }
    }

    private unsafe void AddBlocks(
        int alphaGroup, BlockRows rows, (int First, int Count) blocks, int first, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, Span<double> leftOut, Span<double> held)
    {
        var starts = _tables.Layout.BlockStarts.Slice(blocks.First, blocks.Count + 1);
        for (var b = 0; b < blocks.Count; b++)
        {
            if (GreatestCode.Of(rows.Block(blocks.First + b).Slice(first, labels.Length)) >= starts[b + 1] - starts[b])
                throw new ArgumentException($"a row has a code in block {blocks.First + b} that its layout does not know", nameof(rows));
        }
        var (whole, logs) = (_tables.Tables[0], _logs[alphaGroup]);
        var most = logs.Length / Lanes - 1;
        var places = stackalloc int[BlocksPerPass];
        fixed (int* rowOfInput = _tables.RowOfInput)
        fixed (int* all = whole)
        fixed (ushort* codes = &rows.Codes[blocks.First * rows.Stride + first])
        fixed (double* log = logs)
        fixed (double* alphas = _alphas[alphaGroup])
        fixed (double* out1 = leftOut)
        fixed (double* out2 = held)
        {
            for (var m = 0; m < labels.Length; m++)
            {
                for (var b = 0; b < blocks.Count; b++)
                    places[b] = rowOfInput[starts[b] + codes[b * (nint)rows.Stride + m]] * Classes;
                AddRow(all, places, blocks.Count, labels[m], out1 + (nint)m * Classes * Lanes, log, most, alphas);
                fixed (int* without = _tables.Tables[1 + folds[m]])
                    AddRow(without, places, blocks.Count, -1, out2 + (nint)m * Classes * Lanes, log, most, alphas);
            }
        }
    }

    /// <summary>Adds log(count + alpha) over some blocks to a row's sums, a class after another; from the own class's counts the row itself is taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void AddRow(int* counts, int* places, int blocks, int own, double* sums, double* logs, int most, double* alphas)
    {
        for (var c = 0; c < Classes; c++, sums += Lanes)
        {
            var share = c == own ? 1 : 0;
            var low = Vector256.Load(sums);
            var high = Vector256.Load(sums + Half);
            for (var b = 0; b < blocks; b++)
            {
                var count = Math.Max(counts[places[b] + c] - share, 0);
                if (count <= most)
                {
                    low += Vector256.Load(logs + (nint)count * Lanes);
                    high += Vector256.Load(logs + (nint)count * Lanes + Half);
                }
                else
                {
                    low += SameBits.Log(Vector256.Create((double)count) + Vector256.Load(alphas));
                    high += SameBits.Log(Vector256.Create((double)count) + Vector256.Load(alphas + Half));
                }
            }
            low.Store(sums);
            high.Store(sums + Half);
        }
    }

    /// <summary>Takes sum log(t_c + a B) from each row's sums.</summary>
    private void Normalise(double[][] normalisers, ReadOnlySpan<int> labels, ReadOnlySpan<int> folds, Span<double> leftOut, Span<double> held)
    {
        var size = Classes * Lanes;
        for (var m = 0; m < labels.Length; m++)
        {
            Subtract(leftOut.Slice(m * size, size), normalisers[0], labels[m], normalisers[1 + Folds]);
            Subtract(held.Slice(m * size, size), normalisers[1 + folds[m]], -1, []);
        }
    }

    private static void Subtract(Span<double> sums, double[] normalisers, int own, double[] ofOwn)
    {
        for (var i = 0; i < sums.Length; i++)
            sums[i] -= i / Lanes == own ? ofOwn[i] : normalisers[i];
    }

    private double[][] NormalisersOf(FoldEvidence evidence, MapLayout map, double[] alphas) =>
    [
        SumOf(evidence.Whole, map, alphas),
        .. evidence.Without.Select(without => SumOf(without, map, alphas)),
        SumOf([.. evidence.Whole.Select(t => Math.Max(t - 1, 0))], map, alphas),
    ];

    private double[] SumOf(double[] evidence, MapLayout map, double[] alphas)
    {
        var sums = new double[Classes * Lanes];
        // Blocks of a map may differ in size where it was compacted: block by block, as everywhere.
        for (var block = map.FirstBlock; block < map.FirstBlock + map.Blocks; block++)
        {
            for (var i = 0; i < sums.Length; i++)
                sums[i] += SameBits.Log(evidence[i / Lanes] + alphas[i % Lanes] * _tables.Layout.BlockSize(block));
        }
        return sums;
    }

    private static double[] LogsOf(double[] alphas, int memo)
    {
        var logs = new double[memo * Lanes];
        for (var i = 0; i < logs.Length; i++)
            logs[i] = i / Lanes + alphas[i % Lanes];
        SameBits.Log(logs, logs);
        return logs;
    }
}
