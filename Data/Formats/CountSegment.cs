using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Data.Formats;

/// <summary>
/// The counts of up to 4,096 consecutive inputs. A first byte says how: 0, sparse, pairs of varints (cells passed over since the last, count) in rising order;
/// 1, dense, one varint a cell. A cell is (input within the segment) x classes + class; cells of zero are left out of sparse segments.
/// </summary>
internal static class CountSegment
{
    public const int Inputs = 4096;
    private const byte Sparse = 0;
    private const byte Dense = 1;

    /// <summary>So many cells are given the room of as many counts, without a look at how many there are.</summary>
    private const int FewCells = 1 << 16;

    /// <summary>Encodes the rows of one segment.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="first">First input of the segment.</param>
    /// <param name="end">The input after its last.</param>
    /// <param name="classes">C.</param>
    /// <param name="output">Takes the bytes.</param>
    /// <returns>Inputs with a cell other than zero; 0 where nothing was written.</returns>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    public static int Encode(CountRows rows, int first, int end, int classes, PooledBytes output)
    {
        var cells = (long)(end - first) * classes;
        var inputs = rows.Seen;
        var all = rows.Counts;
        var most = all.Length <= FewCells ? all.Length : all.Length - all.Count(0L);
        var encoded = output.GetSpan(checked(1 + most * 2 * Varint.MaxLength));
        ref var target = ref MemoryMarshal.GetReference(encoded);
        encoded[0] = Sparse;
        var position = 1;
        var denseLength = 1 + cells;
        var next = 0L;
        var seen = 0;
        for (var row = 0; row < inputs.Length; row++)
        {
            var counts = all.Slice(row * classes, classes);
            var firstCell = (long)(inputs[row] - first) * classes;
            var before = next;
            for (var from = 0; from < classes; from += 64)
            {
                for (var rest = NonZero(counts.Slice(from, Math.Min(64, classes - from))); rest != 0; rest &= rest - 1)
                {
                    var c = from + BitOperations.TrailingZeroCount(rest);
                    var count = counts[c];
                    var gap = (ulong)(firstCell + c - next);
                    next = firstCell + c + 1;
                    if ((gap | (ulong)count) < 0x80)
                    {
                        // Nearly always: a byte each, within the room that was asked for.
                        Unsafe.Add(ref target, position) = (byte)gap;
                        Unsafe.Add(ref target, position + 1) = (byte)count;
                        position += 2;
                        continue;
                    }
                    if (count < 0) throw new ArgumentException($"Input {inputs[row]} has a negative count, {count}", nameof(rows));
                    position = Varint.Write(encoded, position, gap);
                    var at = position;
                    position = Varint.Write(encoded, position, (ulong)count);
                    denseLength += position - at - 1;
                }
            }
            if (next != before) seen++;
        }
        if (seen == 0) return 0;
        if (denseLength < position) position = EncodeDense(rows, first, classes, encoded, (int)cells);
        output.Advance(position);
        return seen;
    }

    /// <summary>One bit a cell that is not zero, of up to 64: most are zero, in no order that a branch could learn.</summary>
    private static ulong NonZero(ReadOnlySpan<long> counts)
    {
        var cells = 0UL;
        var c = 0;
        for (; c + Vector256<long>.Count <= counts.Length; c += Vector256<long>.Count)
            cells |= (ulong)(~Vector256.Equals(Vector256.Create(counts[c..]), Vector256<long>.Zero)).ExtractMostSignificantBits() << c;
        for (; c < counts.Length; c++)
            cells |= (counts[c] != 0 ? 1UL : 0) << c;
        return cells;
    }

    /// <summary>Decodes a segment into <paramref name="sink"/>, cell by cell in rising order.</summary>
    /// <param name="data">What <see cref="Encode"/> wrote, its checksum verified.</param>
    /// <param name="first">First input of the segment.</param>
    /// <param name="cells">Cells of the segment.</param>
    /// <param name="classes">C.</param>
    /// <param name="seen">Inputs with a cell other than zero.</param>
    /// <param name="sink">Receives the cells other than zero.</param>
    /// <exception cref="InvalidDataException">The data is malformed.</exception>
    public static void Decode<TSink>(ReadOnlySpan<byte> data, int first, long cells, int classes, int seen, ref TSink sink)
        where TSink : struct, ICountSink
    {
        if (data.IsEmpty || data[0] > Dense) throw new InvalidDataException("a known kind of segment");
        var sparse = data[0] == Sparse;
        var position = 1;
        var (rows, rowStart, rowEnd) = (0, 0L, 0L);
        for (var cell = 0L; position < data.Length; cell++)
        {
            if (sparse) cell += (long)Math.Min(Varint.Read(data, ref position), int.MaxValue * 2UL);
            var count = (long)Varint.Read(data, ref position);
            if (count == 0 && !sparse) continue;
            if (cell >= cells || count <= 0) throw new InvalidDataException("cells within the segment and counts above 0");
            if (cell >= rowEnd)
            {
                if (rows++ == seen) throw new InvalidDataException($"{seen} inputs");
                var row = cells <= uint.MaxValue ? (uint)cell / (uint)classes : cell / classes;
                (rowStart, rowEnd) = (row * classes, (row + 1) * classes);
                sink.Begin(first + (int)row);
            }
            sink.Add((int)(cell - rowStart), count);
        }
        if (rows != seen) throw new InvalidDataException($"{seen} inputs");
    }

    private static int EncodeDense(CountRows rows, int first, int classes, Span<byte> output, int cells)
    {
        output[0] = Dense;
        var position = 1;
        var cell = 0;
        for (var row = 0; row < rows.Seen.Length; row++)
        {
            var firstCell = (rows.Seen[row] - first) * classes;
            output.Slice(position, firstCell - cell).Clear();
            position += firstCell - cell;
            foreach (var count in rows.Counts.Slice(row * classes, classes)) position = Varint.Write(output, position, (ulong)count);
            cell = firstCell + classes;
        }
        output.Slice(position, cells - cell).Clear();
        return position + cells - cell;
    }
}
