using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

/// <summary>Steps on rows whose labels are codes: every bit is a classifier of its own.</summary>
public sealed class CodeStepsTests
{
    private const int Bits = 3;
    private const int Rows = 61;

    public static TheoryData<int, SgdOptimizer> Kinds() => new(
        from kind in Enumerable.Range(0, 4)
        from optimizer in new[] { SgdOptimizer.Sgd, SgdOptimizer.Adam }
        select (kind, optimizer));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_bit_moves_as_it_would_alone_and_losses_add_up(int kind, SgdOptimizer optimizer)
    {
        var settings = new SgdSettings { Optimizer = optimizer, LearningRate = 0.05, Batch = 16, Rounds = 2, LocalEpochs = 2 };
        var codes = RandomRows.Labels(new Random(3), Rows, 1 << Bits);
        var (bias, weights, loss) = Run(RowsOf(kind, codes, 2 * Bits, Bits), settings);
        Int128 sum = 0;
        for (var bit = 0; bit < Bits; bit++)
        {
            var alone = Run(RowsOf(kind, Array.ConvertAll(codes, code => (code >> (Bits - 1 - bit)) & 1), 2, 1), settings);
            Assert.Equal(alone.Bias, bias[(2 * bit)..(2 * bit + 2)]);
            Assert.Equal(alone.Weights, weights.Where((_, i) => i % (2 * Bits) / 2 == bit));
            sum += alone.Loss.Loss;
        }
        Assert.Equal(sum, loss.Loss);
        Assert.Equal(Rows, loss.Rows);
        Assert.True(loss.CrossEntropy < Bits * Math.Log(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_gradient_of_a_code_is_that_of_its_bits(int kind)
    {
        var codes = RandomRows.Labels(new Random(3), Rows, 1 << Bits);
        var rows = RowsOf(kind, codes, 2 * Bits, Bits);
        var parameters = SgdRowsOf.Noise(new Random(5), (rows.WeightRows + 1) * 2 * Bits, 2);
        var gradient = SoftmaxGradient.Of(rows, parameters);
        for (var bit = 0; bit < Bits; bit++)
        {
            var alone = RowsOf(kind, Array.ConvertAll(codes, code => (code >> (Bits - 1 - bit)) & 1), 2, 1);
            Assert.Equal(SoftmaxGradient.Of(alone, OfBit(parameters, bit)), OfBit(gradient, bit));
        }
    }

    [Fact]
    public void A_label_that_is_no_code_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => RowsOf(0, [.. Enumerable.Repeat(8, Rows)], 2 * Bits, Bits));
        Assert.StartsWith("row 0 has class 8, expected 0 to 7", refused.Message, StringComparison.Ordinal);
    }

    private static float[] OfBit(float[] parameters, int bit) => [.. parameters.Where((_, i) => i % (2 * Bits) / 2 == bit)];

    /// <summary>Bytes, numbers, blocks or sparse rows; the same for every labelling.</summary>
    private static SgdRows RowsOf(int kind, int[] labels, int classes, int problems)
    {
        var random = new Random(11);
        return kind switch
        {
            0 => SgdRowsOf.Dense(RandomRows.Bytes(random, Rows, 21), labels, classes, problems),
            1 => SgdRowsOf.Dense(RandomRows.Floats(random, Rows, 21), labels, classes, problems),
            2 => SgdRowsOf.Blocks(RandomRows.Blocks(random, Rows, 5, 9), labels, classes, problems),
            _ => SgdRowsOf.Sparse(RandomRows.Sparse(random, Rows, 30), labels, classes, problems),
        };
    }

    private static (float[] Bias, float[] Weights, SgdLoss Loss) Run(SgdRows rows, SgdSettings settings)
    {
        var steps = LocalSteps.Of(rows, settings);
        var loss = steps.Run(0, 0);
        loss = steps.Run(0, 1);
        var (bias, weights) = (new float[rows.Classes], new float[rows.WeightRows * rows.Classes]);
        steps.GetBias(bias);
        steps.GetWeights(0, weights);
        return (bias, weights, loss);
    }
}
