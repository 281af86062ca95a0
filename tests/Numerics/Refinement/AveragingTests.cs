using ExplicitCluster.Numerics.Refinement;

namespace ExplicitCluster.Numerics.Tests.Refinement;

public sealed class AveragingTests
{
    [Fact]
    public void A_mean_has_the_plain_twins_bits_for_any_length_and_any_cut()
    {
        var random = new Random(1);
        for (var length = 0; length <= 256; length++)
        {
            var workers = random.Next(1, 9);
            var parameters = Enumerable.Range(0, workers).Select(_ => (ReadOnlyMemory<float>)SgdRowsOf.Noise(random, length, 10)).ToArray();
            var rows = Enumerable.Range(0, workers).Select(_ => (long)random.Next(0, 5) * random.Next(20000)).ToArray();
            var (fast, plain, cut) = (new float[length], new float[length], new float[length]);
            Averaging.Average(parameters, rows, fast);
            Averaging.AveragePlain(parameters, rows, plain);
            Assert.Equal(plain, fast);
            var at = random.Next(length + 1);
            Averaging.Average(Array.ConvertAll(parameters, part => part[..at]), rows, cut.AsSpan(0, at));
            Averaging.Average(Array.ConvertAll(parameters, part => part[at..]), rows, cut.AsSpan(at));
            Assert.Equal(plain, cut);
        }
    }

    [Fact]
    public void Workers_count_by_their_rows()
    {
        var result = new float[2];
        Averaging.Average([new float[] { 1, 8 }, new float[] { 4, 0 }, new float[] { float.NaN, 7 }], [1, 2, 0], result);
        Assert.Equal([3, 8 / 3f], result);
    }

    [Fact]
    public void Equal_parameters_stay_as_they_are()
    {
        var random = new Random(2);
        var same = SgdRowsOf.Noise(random, 1000, 3);
        var result = new float[1000];
        Averaging.Average([same, same, same], [12345, 54321, 33333], result);
        Assert.Equal(same, result);
        Averaging.Average([same, new float[1000]], [0, 0], result);
        Assert.Equal(same, result);
    }

    [Fact]
    public void Workers_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Averaging.Average([], [], []));
        Assert.Throws<ArgumentException>(() => Averaging.Average([new float[2]], [1, 2], new float[2]));
        Assert.Throws<ArgumentException>(() => Averaging.Average([new float[2], new float[3]], [1, 2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Averaging.Average([new float[2]], [-1], new float[2]));
    }

    [Fact]
    public void Centred_weights_sum_to_0_over_the_classes_and_keep_their_differences()
    {
        var random = new Random(3);
        var weights = SgdRowsOf.Noise(random, 60, 100);
        var centred = (float[])weights.Clone();
        Averaging.Centre(centred, 6);
        for (var row = 0; row < 10; row++)
        {
            Assert.Equal(0, centred.AsSpan(row * 6, 6).ToArray().Sum(), 1e-4);
            for (var c = 1; c < 6; c++)
                Assert.Equal(weights[row * 6 + c] - weights[row * 6], centred[row * 6 + c] - centred[row * 6], 1e-4);
        }
        Assert.Throws<ArgumentException>(() => Averaging.Centre(weights, 7));
    }

    [Fact]
    public void Every_row_is_dealt_to_one_worker_and_shares_are_even()
    {
        foreach (var rows in (long[])[0, 1, 127, 128, 129, 5000, 60000])
        {
            for (var workers = 1; workers <= 9; workers++)
            {
                var all = Enumerable.Range(0, workers).SelectMany(worker => SgdDeal.RangesOf(rows, workers, worker)).OrderBy(range => range.First).ToArray();
                var next = 0L;
                foreach (var (first, count) in all)
                {
                    Assert.Equal(next, first);
                    next += count;
                }
                Assert.Equal(rows, next);
                var shares = Enumerable.Range(0, workers).Select(worker => SgdDeal.RowsOf(rows, workers, worker)).ToArray();
                Assert.InRange(shares.Max() - shares.Min(), 0, SgdDeal.RunRows);
            }
        }
    }

    [Fact]
    public void The_rate_follows_its_schedule_and_the_number_of_workers()
    {
        var settings = new SgdSettings { Workers = 1, LearningRate = 2, Schedule = SgdSchedule.Cosine };
        for (var i = 0; i <= 100; i++)
        {
            Assert.Equal(1 + Math.Cos(Math.PI * i / 100), settings.RateAt(i / 100.0), 1e-12);
            Assert.Equal(2 - i / 50.0, (settings with { Schedule = SgdSchedule.Linear }).RateAt(i / 100.0), 1e-12);
            Assert.Equal(2, (settings with { Schedule = SgdSchedule.Constant }).RateAt(i / 100.0));
        }
        Assert.Equal(8, (settings with { Workers = 4 }).RateAt(0), 1e-12);
    }

    [Fact]
    public void A_setting_out_of_range_is_named()
    {
        SgdSettings[] wrong =
        [
            new() { Workers = 0 }, new() { Rounds = -1 }, new() { LocalEpochs = 0 }, new() { Batch = 0 }, new() { Batch = 65537 },
            new() { LearningRate = 0 }, new() { LearningRate = double.NaN }, new() { Momentum = 1 }, new() { L2 = -1 },
        ];
        Assert.All(wrong, settings => Assert.Contains("must be", Assert.Throws<ArgumentException>(settings.Check).Message, StringComparison.Ordinal));
        new SgdSettings().Check();
    }
}
