using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Tests.Elementary;

/// <summary>Run with DOTNET_EnableAVX512=0 and DOTNET_EnableAVX2=0 as well: the pinned hashes are what must not change.</summary>
public sealed class SameBitsTests
{
    private const int Arguments = 1 << 20;

    /// <summary>SameBits promises 2 ulp; Math's own functions are within 1 ulp of the true value on glibc, Windows and macOS.</summary>
    private const int Tolerance = 3;

    [Fact]
    public void Log_of_a_million_arguments_has_the_pinned_bits() =>
        Assert.Equal("d66cb3e6e27ac0fbcad3ecac318563a787652a73ae4a110705c7f13089407974", HashOf(LogArguments(), SameBits.Log));

    [Fact]
    public void Exp_of_a_million_arguments_has_the_pinned_bits() =>
        Assert.Equal("f21803e6bad85e909e1a240592ad20b84f3255de3e7a5cd47e4dd0a24477d4fd", HashOf(ExpArguments(), SameBits.Exp));

    [Fact]
    public void Log_is_within_the_tolerance_of_the_library() => AssertClose(LogArguments(), SameBits.Log, Math.Log);

    [Fact]
    public void Exp_is_within_the_tolerance_of_the_library() => AssertClose(ExpArguments(), SameBits.Exp, Math.Exp);

    [Fact]
    public void One_number_alone_has_the_bits_of_a_lane()
    {
        foreach (var x in LogArguments().Concat(Special).Where((_, i) => i % 7 == 0 || i >= Arguments))
            AssertBits(SameBits.Log(Vector512.Create(x))[3], SameBits.Log(x), x);
        foreach (var x in ExpArguments().Concat(Special).Where((_, i) => i % 7 == 0 || i >= Arguments))
            AssertBits(SameBits.Exp(Vector512.Create(x))[5], SameBits.Exp(x), x);
    }

    [Fact]
    public void Every_length_gives_every_number_the_same_bits()
    {
        var x = LogArguments().Take(256).ToArray();
        for (var length = 0; length <= x.Length; length++)
        {
            var y = new double[length + 1];
            SameBits.Log(x.AsSpan(0, length), y);
            Assert.Equal(0, y[length]);
            for (var i = 0; i < length; i++)
                AssertBits(SameBits.Log(x[i]), y[i], x[i]);
            SameBits.Exp(y.AsSpan(0, length), y);
            for (var i = 0; i < length; i++)
                AssertBits(SameBits.Exp(SameBits.Log(x[i])), y[i], x[i]);
        }
    }

    [Theory]
    [InlineData(0.0, double.NegativeInfinity)]
    [InlineData(1.0, 0.0)]
    [InlineData(-1.0, double.NaN)]
    [InlineData(double.NegativeInfinity, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.Epsilon, -744.4400719213812)]
    public void Log_at_the_edges(double x, double expected) => AssertBits(expected, SameBits.Log(x), x);

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0.0)]
    [InlineData(709.79, double.PositiveInfinity)]
    [InlineData(1e300, double.PositiveInfinity)]
    [InlineData(-745.2, 0.0)]
    [InlineData(-1e300, 0.0)]
    [InlineData(-745.13, double.Epsilon)]
    public void Exp_at_the_edges(double x, double expected) => AssertBits(expected, SameBits.Exp(x), x);

    [Fact]
    public void Minus_zero_is_zero()
    {
        AssertBits(double.NegativeInfinity, SameBits.Log(-0.0), -0.0);
        AssertBits(1, SameBits.Exp(-0.0), -0.0);
    }

    [Fact]
    public void Spans_that_overlap_askew_are_refused()
    {
        var x = new double[20];
        Assert.Throws<ArgumentException>(() => SameBits.Log(x.AsSpan(0, 10), x.AsSpan(1, 10)));
        Assert.Throws<ArgumentException>(() => SameBits.Exp(x.AsSpan(0, 10), new double[9]));
    }

    private static IEnumerable<double> Special =>
        [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -745.13, -745.2, 709.78, 709.79, 2.2250738585072014e-308];

    /// <summary>Half over every positive bit pattern, subnormals included, half near 1, where cancellation would show.</summary>
    private static double[] LogArguments()
    {
        var x = new double[Arguments];
        var state = 1UL;
        for (var i = 0; i < Arguments; i++)
            x[i] = i % 2 == 0 ? BitConverter.UInt64BitsToDouble(Next(ref state) % 0x7FF0000000000000) : 0.5 + UniformOf(ref state) * 1.5;
        return x;
    }

    /// <summary>Half over the whole range of results, subnormals included, half from -20 to 20.</summary>
    private static double[] ExpArguments()
    {
        var x = new double[Arguments];
        var state = 2UL;
        for (var i = 0; i < Arguments; i++)
            x[i] = i % 2 == 0 ? UniformOf(ref state) * 1456 - 746 : UniformOf(ref state) * 40 - 20;
        return x;
    }

    private static double UniformOf(ref ulong state) => (Next(ref state) >> 11) * (1.0 / (1L << 53));

    /// <summary>A counter run through a mixing function: integers only, the same everywhere.</summary>
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    private delegate void Function(ReadOnlySpan<double> x, Span<double> result);

    private static string HashOf(double[] x, Function function)
    {
        var y = new double[x.Length];
        function(x, y);
        return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(y)));
    }

    private static void AssertClose(double[] x, Func<double, double> ours, Func<double, double> library)
    {
        foreach (var value in x)
        {
            var difference = Math.Abs(BitConverter.DoubleToInt64Bits(ours(value)) - BitConverter.DoubleToInt64Bits(library(value)));
            Assert.True(difference <= Tolerance, $"at {value:R}: {ours(value):R} is {difference} ulp from {library(value):R}");
        }
    }

    private static void AssertBits(double expected, double actual, double x) =>
        Assert.True(
            BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(actual) || double.IsNaN(expected) && double.IsNaN(actual),
            $"at {x:R}: {actual:R}, expected {expected:R}");
}
