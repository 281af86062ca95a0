using System.Runtime.Intrinsics;
using ExplicitCluster.Numerics.Encodings;
using ExplicitCluster.Numerics.Statistics;

namespace ExplicitCluster.Numerics.Scoring;

/// <summary>
/// A layer over dense rows: score_c = bias_c + (sum_j x_j W[j, c]) / norm (docs/math.md 2 on rows of norm 1). A row of norm 0 scores the bias.
/// </summary>
/// <remarks>
/// Sums are float64 with j ascending and a class a lane of its own. Products of float32 numbers are exact in float64, so that a fused
/// multiply-add and the two operations give the same bits. Safe for concurrent use.
/// </remarks>
public sealed partial class DenseLayer
{
    private const int Lanes = 8;
    private const int TileRows = 4;

    private readonly double[] _padded;
    private readonly int _stride;

    /// <param name="inputs">D.</param>
    /// <param name="classes">C.</param>
    /// <param name="bias">C numbers.</param>
    /// <param name="weights">W, (D, C), row-major. Handed over, not copied.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public DenseLayer(int inputs, int classes, float[] bias, float[] weights)
    {
        if (classes < 1 || bias.Length != classes)
            throw new ArgumentException($"{classes} classes have a bias of {bias.Length} numbers", nameof(bias));
        if (weights.Length != (long)inputs * classes)
            throw new ArgumentException($"{inputs} inputs of {classes} classes have {weights.Length} weights", nameof(weights));
        (Inputs, Classes, Bias, Weights) = (inputs, classes, bias, weights);
        _stride = (classes + 2 * Lanes - 1) / (2 * Lanes) * (2 * Lanes);
        _padded = new double[checked(inputs * _stride)];
        for (var input = 0; input < inputs; input++)
        {
            for (var c = 0; c < classes; c++)
                _padded[input * _stride + c] = weights[input * classes + c];
        }
    }

    /// <summary>D.</summary>
    public int Inputs { get; }

    /// <summary>C.</summary>
    public int Classes { get; }

    /// <summary>C numbers.</summary>
    public float[] Bias { get; }

    /// <summary>(D, C), row-major.</summary>
    public float[] Weights { get; }

    /// <summary>Writes the scores of <paramref name="count"/> rows from row <paramref name="first"/> on: (count, C), row-major.</summary>
    /// <exception cref="ArgumentException">The rows have another number of inputs, or <paramref name="scores"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no such rows.</exception>
    public void Score(DenseRows rows, int first, int count, Span<double> scores)
    {
        Check(rows, first, count, scores);
        if (rows.IsBytes)
            Score<byte, ByteValues>(rows.Bytes, first, count, scores);
        else
            Score<float, FloatValues>(rows.Floats, first, count, scores);
    }

    private unsafe void Score<T, TValues>(ReadOnlySpan<T> values, int first, int count, Span<double> scores)
        where T : unmanaged
        where TValues : IRowValues<T>
    {
        // The rows of a tile as float64, value by value: x[j, row].
        var scratch = new double[TileRows * Math.Max(1, Inputs) + TileRows * _stride];
        fixed (T* start = values)
        fixed (double* tile = scratch)
        fixed (double* weights = _padded)
        {
            var sums = tile + TileRows * Math.Max(1, Inputs);
            for (var done = 0; done < count; done += TileRows)
            {
                // The last tile repeats its last row rather than being a case of its own.
                for (var i = 0; i < TileRows; i++)
                {
                    var row = start + (nint)(first + Math.Min(done + i, count - 1)) * Inputs;
                    for (nint j = 0; j < Inputs; j++)
                        tile[j * TileRows + i] = TValues.Load1(row + j);
                }
                for (nint c = 0; c < _stride; c += 2 * Lanes)
                    AddTile(tile, weights + c, sums + c);
                for (var i = 0; i < Math.Min(TileRows, count - done); i++)
                {
                    var norm = TValues.Norm(start + (nint)(first + done + i) * Inputs, Inputs);
                    WriteScores(sums + i * _stride, norm, scores.Slice((done + i) * Classes, Classes));
                }
            }
        }
    }

    private unsafe void AddTile(double* tile, double* weights, double* sums)
    {
        Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default;
        Vector512<double> c0 = default, c1 = default, d0 = default, d1 = default;
        for (nint j = 0; j < Inputs; j++)
        {
            var low = Vector512.Load(weights + j * _stride);
            var high = Vector512.Load(weights + j * _stride + Lanes);
            var a = Vector512.Create(tile[j * TileRows]);
            var b = Vector512.Create(tile[j * TileRows + 1]);
            var c = Vector512.Create(tile[j * TileRows + 2]);
            var d = Vector512.Create(tile[j * TileRows + 3]);
            // An estimate in general, exact here: the product has no more than 48 bits.
            a0 = Vector512.MultiplyAddEstimate(a, low, a0);
            a1 = Vector512.MultiplyAddEstimate(a, high, a1);
            b0 = Vector512.MultiplyAddEstimate(b, low, b0);
            b1 = Vector512.MultiplyAddEstimate(b, high, b1);
            c0 = Vector512.MultiplyAddEstimate(c, low, c0);
            c1 = Vector512.MultiplyAddEstimate(c, high, c1);
            d0 = Vector512.MultiplyAddEstimate(d, low, d0);
            d1 = Vector512.MultiplyAddEstimate(d, high, d1);
        }
        Store(a0, a1, sums);
        Store(b0, b1, sums + _stride);
        Store(c0, c1, sums + 2 * _stride);
        Store(d0, d1, sums + 3 * _stride);
    }

    private static unsafe void Store(Vector512<double> low, Vector512<double> high, double* sums)
    {
        low.Store(sums);
        high.Store(sums + Lanes);
    }

    private unsafe void WriteScores(double* sums, double norm, Span<double> scores)
    {
        for (var c = 0; c < scores.Length; c++)
            scores[c] = norm == 0 ? Bias[c] : Bias[c] + sums[c] / norm;
    }
}
