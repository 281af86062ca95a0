using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ExplicitCluster.Numerics.Metrics;
using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

public sealed class LocalStepsTests
{
    private static readonly SgdSettings[] Optimizers =
    [
        new() { Optimizer = SgdOptimizer.Sgd, LearningRate = 0.5, Momentum = 0 },
        new() { Optimizer = SgdOptimizer.Sgd, LearningRate = 0.5, L2 = 0.01, Schedule = SgdSchedule.Cosine },
        new() { Optimizer = SgdOptimizer.Adagrad, LearningRate = 0.05, L2 = 0.01 },
        new() { Optimizer = SgdOptimizer.Adam, LearningRate = 0.01, Schedule = SgdSchedule.Constant },
    ];

    [Fact]
    public void Steps_on_dense_rows_have_the_plain_twins_bits_for_any_number_of_inputs_classes_rows_and_batch()
    {
        var random = new Random(1);
        for (var inputs = 0; inputs <= 256; inputs++)
        {
            var (count, classes) = (random.Next(40), random.Next(1, 13));
            var labels = RandomRows.Labels(random, count, classes);
            AssertTwins(random, SgdRowsOf.Dense(RandomRows.Bytes(random, count, inputs), labels, classes), inputs, size: 10);
            AssertTwins(random, SgdRowsOf.Dense(RandomRows.Floats(random, count, inputs), labels, classes), inputs, size: 10);
        }
    }

    [Fact]
    public void Steps_on_blocks_have_the_plain_twins_bits_for_any_number_of_blocks_classes_rows_and_batch()
    {
        var random = new Random(2);
        for (var trial = 0; trial <= 128; trial++)
        {
            var (count, blocks, codes, classes) = (random.Next(40), trial % 19, random.Next(1, 20), random.Next(1, 36));
            var labels = RandomRows.Labels(random, count, classes);
            AssertTwins(random, SgdRowsOf.Blocks(RandomRows.Blocks(random, count, blocks, codes), labels, classes), trial, size: 1);
        }
    }

    [Fact]
    public void Steps_on_sparse_rows_have_the_plain_twins_bits_for_any_number_of_inputs_classes_rows_and_batch()
    {
        var random = new Random(6);
        for (var trial = 0; trial <= 128; trial++)
        {
            var (count, inputs, classes) = (random.Next(40), random.Next(2, 90), random.Next(1, 36));
            var labels = RandomRows.Labels(random, count, classes);
            AssertTwins(random, SgdRowsOf.Sparse(RandomRows.Sparse(random, count, inputs), labels, classes), trial, size: 10);
        }
    }

    [Fact]
    public void All_batches_from_1_to_256_rows_have_the_plain_twins_bits()
    {
        var random = new Random(3);
        var labels = RandomRows.Labels(random, 300, 3);
        var dense = SgdRowsOf.Dense(RandomRows.Bytes(random, 300, 5), labels, 3);
        var blocks = SgdRowsOf.Blocks(RandomRows.Blocks(random, 300, 5, 7), labels, 3);
        for (var batch = 1; batch <= 256; batch++)
        {
            AssertTwins(random, dense, new SgdSettings { Batch = batch, Rounds = 2 }, size: 10);
            AssertTwins(random, blocks, new SgdSettings { Batch = batch, Rounds = 2 }, size: 1);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_step_goes_along_the_gradient_that_differences_of_the_loss_give(int kind)
    {
        var random = new Random(4);
        const int Count = 24, Classes = 4;
        var labels = RandomRows.Labels(random, Count, Classes);
        SgdRows rows = kind switch
        {
            0 => SgdRowsOf.Dense(RandomRows.Bytes(random, Count, 7), labels, Classes),
            1 => SgdRowsOf.Dense(RandomRows.Floats(random, Count, 7), labels, Classes),
            3 => SgdRowsOf.Sparse(RandomRows.Sparse(random, Count, 9), labels, Classes),
            _ => SgdRowsOf.Blocks(RandomRows.Blocks(random, Count, 3, 4), labels, Classes),
        };
        var squaredUnit = kind switch { 2 => 1.0 / 3, 3 => 16, _ => 7 };
        var bias = SgdRowsOf.Noise(random, Classes, 1);
        var weights = SgdRowsOf.Noise(random, rows.WeightRows * Classes, 2);
        var settings = new SgdSettings { Optimizer = SgdOptimizer.Sgd, Workers = 1, Rounds = 1, Momentum = 0, LearningRate = 0.01, Batch = Count, Schedule = SgdSchedule.Constant };
        var (_, biasAfter, weightsAfter) = RunOnce(LocalSteps.Of(rows, settings), bias, weights);
        const float Step = 1 / 64f;
        for (var i = 0; i < weights.Length; i++)
        {
            var difference = Difference(rows, bias, weights, weights, i, Step);
            Assert.Equal(difference, (weights[i] - weightsAfter[i]) / (settings.LearningRate * squaredUnit), 1e-4);
        }
        for (var c = 0; c < Classes; c++)
        {
            var difference = Difference(rows, bias, weights, bias, c, Step);
            Assert.Equal(difference, (bias[c] - biasAfter[c]) / (settings.LearningRate * Math.Min(1, squaredUnit)), 1e-4);
        }
    }

    [Theory]
    [InlineData(0, "1738833ED25DEBD0")]
    [InlineData(1, "ADEB66376E2FE089")]
    [InlineData(2, "9820E431A1284459")]
    public void A_round_has_these_bits_on_all_hardware(int kind, string expected)
    {
        var random = new Random(12);
        var labels = RandomRows.Labels(random, 500, 10);
        SgdRows rows = kind switch
        {
            0 => SgdRowsOf.Dense(RandomRows.Bytes(random, 500, 100), labels, 10),
            1 => SgdRowsOf.Dense(RandomRows.Floats(random, 500, 100), labels, 10),
            _ => SgdRowsOf.Blocks(RandomRows.Blocks(random, 500, 30, 20), labels, 10),
        };
        var hashes = new StringBuilder();
        foreach (var settings in Optimizers)
        {
            var (loss, bias, weights) = RunOnce(LocalSteps.Of(rows, settings), new float[10], new float[rows.WeightRows * 10]);
            hashes.Append(CultureInfo.InvariantCulture, $"{loss.Loss}");
            hashes.Append(Convert.ToHexString(MemoryMarshal.AsBytes<float>([.. bias, .. weights])));
        }
        Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(hashes.ToString())))[..16]);
    }

    [Fact]
    public void An_epoch_allocates_nothing()
    {
        var random = new Random(5);
        var labels = RandomRows.Labels(random, 1000, 10);
        SgdRows[] all =
        [
            SgdRowsOf.Dense(RandomRows.Bytes(random, 1000, 50), labels, 10),
            SgdRowsOf.Dense(RandomRows.Floats(random, 1000, 50), labels, 10),
            SgdRowsOf.Blocks(RandomRows.Blocks(random, 1000, 30, 20), labels, 10),
            SgdRowsOf.Sparse(RandomRows.Sparse(random, 1000, 50), labels, 10),
        ];
        foreach (var rows in all)
        {
            foreach (var settings in Optimizers)
            {
                var (few, many) = (AllocatedBy(rows, settings with { Batch = 500 }), AllocatedBy(rows, settings with { Batch = 10 }));
                // The loss that a round returns, whatever the number of steps.
                Assert.Equal(few, many);
                Assert.InRange(many, 0, 512);
            }
        }
    }

    [Fact]
    public void Another_seed_worker_or_epoch_gives_another_order_and_the_same_gives_the_same()
    {
        var orders = new List<int[]>();
        foreach (var (seed, worker, epoch) in ((ulong, int, int)[])[(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1)])
        {
            var random = new Random(6);
            var rows = SgdRowsOf.Dense(RandomRows.Bytes(random, 60, 4), RandomRows.Labels(random, 60, 3), 3);
            var settings = new SgdSettings { Batch = 1, Seed = seed, Schedule = SgdSchedule.Constant };
            var (_, _, once) = RunOnce(LocalSteps.Of(rows, settings), new float[3], new float[12], worker, epoch);
            var (_, _, again) = RunOnce(LocalSteps.Of(rows, settings), new float[3], new float[12], worker, epoch);
            Assert.Equal(once, again);
            orders.Add([.. once.Select(BitConverter.SingleToInt32Bits)]);
        }
        Assert.Equal(orders.Count, orders.Select(order => string.Join(' ', order)).Distinct().Count());
    }

    [Fact]
    public void A_round_does_not_depend_on_the_rounds_that_the_same_worker_ran_before()
    {
        var random = new Random(7);
        var rows = SgdRowsOf.Blocks(RandomRows.Blocks(random, 200, 6, 9), RandomRows.Labels(random, 200, 3), 3);
        foreach (var settings in Optimizers)
        {
            var worker = LocalSteps.Of(rows, settings);
            var (_, bias, weights) = RunOnce(worker, new float[3], new float[rows.WeightRows * 3], 0, 0);
            var (loss, _, onward) = RunOnce(worker, bias, weights, 0, 1);
            var (lossResumed, _, resumed) = RunOnce(LocalSteps.Of(rows, settings), bias, weights, 0, 1);
            Assert.Equal(onward, resumed);
            Assert.Equal(loss, lossResumed);
        }
    }

    [Fact]
    public void The_loss_of_an_epoch_at_a_rate_near_0_is_that_of_the_parameters()
    {
        var random = new Random(8);
        var labels = RandomRows.Labels(random, 200, 3);
        var rows = SgdRowsOf.Blocks(RandomRows.Blocks(random, 200, 6, 9), labels, 3);
        var weights = SgdRowsOf.Noise(random, rows.WeightRows * 3, 1);
        var (loss, _, _) = RunOnce(LocalSteps.Of(rows, new SgdSettings { LearningRate = 1e-30 }), new float[3], weights);
        Assert.Equal(200, loss.Rows);
        Assert.Equal(Loss(rows, new float[3], weights), loss.CrossEntropy, 1e-6);
        Assert.Equal(ExactSum.Mean(loss.Loss, 200), loss.CrossEntropy);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void Parameters_that_are_no_numbers_or_far_too_large_are_a_divergence(float value)
    {
        var random = new Random(9);
        var labels = new int[50];
        foreach (var rows in (SgdRows[])[SgdRowsOf.Dense(RandomRows.Bytes(random, 50, 4), labels, 2), SgdRowsOf.Blocks(RandomRows.Blocks(random, 50, 3, 2), labels, 2)])
        {
            var weights = new float[rows.WeightRows * 2];
            for (var row = 0; row < rows.WeightRows; row++)
                weights[row * 2 + 1] = value;
            var (loss, _, _) = RunOnce(LocalSteps.Of(rows, new SgdSettings()), new float[2], weights);
            Assert.True(loss.Diverged);
            Assert.Equal(double.PositiveInfinity, loss.CrossEntropy);
            Assert.True(loss.Rows < 50);
        }
    }

    [Fact]
    public void A_cancelled_round_ends()
    {
        var random = new Random(10);
        var rows = SgdRowsOf.Dense(RandomRows.Bytes(random, 50, 4), new int[50], 2);
        Assert.Throws<OperationCanceledException>(() => LocalSteps.Of(rows, new SgdSettings()).Run(0, 0, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Parameters_that_do_not_fit_are_refused()
    {
        var random = new Random(11);
        var steps = LocalSteps.Of(SgdRowsOf.Dense(RandomRows.Bytes(random, 5, 4), new int[5], 2), new SgdSettings());
        Assert.Throws<ArgumentException>(() => steps.SetBias(new float[3]));
        Assert.Throws<ArgumentException>(() => steps.SetWeights(0, new float[3]));
        Assert.Throws<ArgumentException>(() => steps.SetWeights(3, new float[4]));
        Assert.Throws<ArgumentException>(() => steps.GetWeights(-1, new float[4]));
    }

    private static void AssertTwins(Random random, SgdRows rows, int trial, double size) =>
        AssertTwins(random, rows, Optimizers[trial % Optimizers.Length] with { Batch = random.Next(1, 20), Rounds = 2, LocalEpochs = 2, Workers = 2, Seed = (ulong)trial }, size);

    private static void AssertTwins(Random random, SgdRows rows, SgdSettings settings, double size)
    {
        var bias = SgdRowsOf.Noise(random, rows.Classes, 1);
        var weights = SgdRowsOf.Noise(random, rows.WeightRows * rows.Classes, size);
        var (fast, fastBias, fastWeights) = RunOnce(LocalSteps.Of(rows, settings), bias, weights, 1, 1);
        var (plain, plainBias, plainWeights) = RunOnce(LocalSteps.OfPlain(rows, settings), bias, weights, 1, 1);
        Assert.Equal(plain, fast);
        Assert.Equal(plainBias, fastBias);
        Assert.Equal(plainWeights, fastWeights);
        Assert.False(fast.Diverged);
    }

    private static (SgdLoss Loss, float[] Bias, float[] Weights) RunOnce(LocalSteps steps, float[] bias, float[] weights, int worker = 0, int round = 0)
    {
        steps.SetBias(bias);
        var half = weights.Length / steps.Classes / 2;
        steps.SetWeights(0, weights.AsSpan(0, half * steps.Classes));
        steps.SetWeights(half, weights.AsSpan(half * steps.Classes));
        var loss = steps.Run(worker, round);
        var (biasAfter, weightsAfter) = (new float[bias.Length], new float[weights.Length]);
        steps.GetBias(biasAfter);
        steps.GetWeights(half, weightsAfter.AsSpan(half * steps.Classes));
        steps.GetWeights(0, weightsAfter.AsSpan(0, half * steps.Classes));
        return (loss, biasAfter, weightsAfter);
    }

    /// <summary>The fewest bytes of several rounds: the runtime may allocate once on this thread, a step would in every round.</summary>
    private static long AllocatedBy(SgdRows rows, SgdSettings settings)
    {
        var steps = LocalSteps.Of(rows, settings);
        var fewest = long.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            steps.Run(0, round);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return fewest;
    }

    /// <summary>The central difference of the mean loss in one number of <paramref name="moved"/>, which is one of the parameters.</summary>
    private static double Difference(SgdRows rows, float[] bias, float[] weights, float[] moved, int index, float step)
    {
        var value = moved[index];
        moved[index] = value + step;
        var above = Loss(rows, bias, weights);
        moved[index] = value - step;
        var below = Loss(rows, bias, weights);
        moved[index] = value;
        return (above - below) / (2 * step);
    }

    /// <summary>The mean loss at these parameters: one epoch of a rate that moves nothing, in one batch.</summary>
    private static double Loss(SgdRows rows, float[] bias, float[] weights)
    {
        var steps = LocalSteps.OfPlain(rows, new SgdSettings { Optimizer = SgdOptimizer.Sgd, LearningRate = 1e-30, Momentum = 0, Batch = Math.Max(1, rows.Count) });
        return RunOnce(steps, bias, weights).Loss.CrossEntropy;
    }
}
