using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

/// <summary>Where an averaging begins, and what is measured there.</summary>
public sealed class StartTests
{
    private const int Classes = 4;

    [Fact]
    public void A_random_start_has_these_bits_on_all_hardware()
    {
        var (dense, blocks) = (new float[700], new float[700]);
        RandomStart.Fill(dense, RowsOf(0, 0), 1);
        RandomStart.Fill(blocks, RowsOf(2, 0), 1);
        Assert.Equal("806E2D1C0C8BC364", HashOf(dense));
        Assert.Equal("81C46A67E8B6D2EE", HashOf(blocks));
    }

    [Fact]
    public void A_random_start_is_small_even_about_0_and_another_for_every_seed()
    {
        var rows = RowsOf(0, 0);
        var unit = Math.Sqrt(7);
        var (first, second) = (new float[20_000], new float[20_000]);
        RandomStart.Fill(first, rows, 1);
        RandomStart.Fill(second, rows, 2);
        Assert.All(first, weight => Assert.InRange(weight, -RandomStart.Bound * unit, RandomStart.Bound * unit));
        Assert.Equal(0, first.Average(weight => (double)weight) / unit, 0.005);
        Assert.Equal(RandomStart.Bound / Math.Sqrt(3), Math.Sqrt(first.Average(weight => (double)weight * weight)) / unit, 0.002);
        Assert.Equal(0, ParameterDistance.Of(first, second, Classes).Cosine, 0.05);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_gradient_is_what_differences_of_the_loss_give(int kind)
    {
        var random = new Random(7);
        var rows = RowsOf(kind, 24);
        var unit = kind < 2 ? Math.Sqrt(7) : 1 / Math.Sqrt(3);
        var parameters = SgdRowsOf.Noise(random, (rows.WeightRows + 1) * Classes, 2);
        var gradient = SoftmaxGradient.Of(rows, parameters);
        const float Step = 1 / 64f;
        for (var i = 0; i < parameters.Length; i++)
        {
            var value = parameters[i];
            parameters[i] = value + Step;
            var above = LossOf(rows, parameters);
            parameters[i] = value - Step;
            var below = LossOf(rows, parameters);
            parameters[i] = value;
            Assert.Equal((above - below) / (2 * Step), gradient[i] / (i < Classes ? Math.Min(1, unit) : unit), 1e-4);
        }
        Assert.Equal(Math.Sqrt(gradient.Sum(part => (double)part * part)), SoftmaxGradient.Norm(gradient), 1e-12);
    }

    [Fact]
    public void A_gradient_without_rows_is_0_and_wrong_parameters_are_refused()
    {
        var rows = RowsOf(2, 0);
        Assert.All(SoftmaxGradient.Of(rows, new float[(rows.WeightRows + 1) * Classes]), part => Assert.Equal(0, part));
        Assert.Throws<ArgumentException>(() => SoftmaxGradient.Of(rows, new float[3]));
    }

    [Fact]
    public void Distance_and_cosine_leave_out_what_all_classes_share()
    {
        float[] one = [3, 4, 5, 0, 0, 0];
        float[] other = [103, 104, 105, 1, 1, 1];
        Assert.Equal(new ParameterDistance(0, 1), ParameterDistance.Of(one, other, 3));
        Assert.Equal(new ParameterDistance(Math.Sqrt(8), -1), ParameterDistance.Of(one, [5, 4, 3, 0, 0, 0], 3));
        Assert.Equal(Math.Sqrt(2), ParameterDistance.Of(one, new float[6], 3).Distance);
        Assert.True(double.IsNaN(ParameterDistance.Of(one, new float[6], 3).Cosine));
        Assert.Throws<ArgumentException>(() => ParameterDistance.Of(one, new float[3], 3));
        Assert.Throws<ArgumentException>(() => ParameterDistance.Of(one, other, 4));
    }

    private static SgdRows RowsOf(int kind, int count)
    {
        var random = new Random(4);
        var labels = RandomRows.Labels(random, count, Classes);
        return kind switch
        {
            0 => SgdRowsOf.Dense(RandomRows.Bytes(random, count, 7), labels, Classes),
            1 => SgdRowsOf.Dense(RandomRows.Floats(random, count, 7), labels, Classes),
            _ => SgdRowsOf.Blocks(RandomRows.Blocks(random, count, 3, 4), labels, Classes),
        };
    }

    private static double LossOf(SgdRows rows, float[] parameters)
    {
        var steps = LocalSteps.OfPlain(rows, new SgdSettings());
        steps.SetBias(parameters.AsSpan(0, Classes));
        steps.SetWeights(0, parameters.AsSpan(Classes));
        var loss = steps.Measure();
        return ExactSum.Mean(loss.Loss, loss.Rows);
    }

    private static string HashOf(float[] weights) => Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<float>(weights)))[..16];
}
