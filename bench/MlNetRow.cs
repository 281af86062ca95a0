using Microsoft.ML.Data;

namespace ExplicitCluster.Bench;

/// <summary>A row as ML.NET reads it.</summary>
internal sealed class MlNetRow
{
    [VectorType(BenchData.Columns)]
    public float[] Features { get; set; } = [];

    [KeyType(BenchData.Classes)]
    public uint Label { get; set; }

    /// <summary>Pixels from 0 to 1; classes are keys from 1 on.</summary>
    public static MlNetRow[] Of(BenchData data)
    {
        var rows = new MlNetRow[data.Labels.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var pixels = new float[BenchData.Columns];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = data.Images[row * BenchData.Columns + i] / 255f;
            rows[row] = new MlNetRow { Features = pixels, Label = (uint)data.Labels[row] + 1 };
        }
        return rows;
    }
}
