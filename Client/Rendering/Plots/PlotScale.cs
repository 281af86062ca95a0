namespace ExplicitCluster.Client.Rendering.Plots;

/// <summary>From values to places on an axis, 0 to 1, and the round values that are labelled.</summary>
internal sealed class PlotScale
{
    private readonly bool _isLogarithmic;
    private readonly double _low;
    private readonly double _high;

    /// <param name="axis">The axis.</param>
    /// <param name="values">All values on it.</param>
    /// <param name="most">Labels that there is room for.</param>
    public PlotScale(PlotAxis axis, IEnumerable<double> values, int most)
    {
        _isLogarithmic = axis.IsLogarithmic;
        double[] shown = [.. values.Concat(axis.Includes is { } included ? [included] : []).Where(IsShown)];
        var (low, high) = shown.Length == 0 ? (0.0, 1.0) : (Of(shown.Min()), Of(shown.Max()));
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high)))
            (low, high) = axis.IsWhole ? (low - 1, high + 1) : (low - Math.Max(.05 * Math.Abs(low), 1e-6), high + Math.Max(.05 * Math.Abs(high), 1e-6));
        var room = .04 * (high - low);
        _low = axis.Includes is { } floor && IsShown(floor) && Of(floor) <= low ? Of(floor) : low - room;
        _high = high + room;
        var step = axis.IsWhole ? Math.Max(1, StepOf(_high - _low, most)) : StepOf(_high - _low, most);
        Ticks = _isLogarithmic ? LogarithmicTicks(most) : EvenTicks(step);
    }

    /// <summary>Values to label, with their labels.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    public bool IsShown(double value) => double.IsFinite(value) && (!_isLogarithmic || value > 0);

    public double PlaceOf(double value) => (Of(value) - _low) / (_high - _low);

    private double Of(double value) => _isLogarithmic ? Math.Log10(value) : value;

    private static double StepOf(double range, int most)
    {
        var rough = range / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return new[] { 1.0, 2, 5, 10 }.First(factor => factor * power >= rough * (1 - 1e-9)) * power;
    }

    private (double, string)[] EvenTicks(double step)
    {
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        return [.. Indices(_low / step, _high / step).Select(index => (index * step, LabelOf(index * step, decimals)))];
    }

    private static string LabelOf(double value, int decimals) =>
        decimals > 6 || Math.Abs(value) >= 1e9 ? value.ToString("0.##e+0") : value.ToString($"N{decimals}");

    private (double, string)[] LogarithmicTicks(int most)
    {
        double[] factors = _high - _low > 2.5 ? [1] : [1, 2, 5];
        var ticks = Indices(_low - 1, _high)
            .SelectMany(power => factors.Select(factor => factor * Math.Pow(10, power)))
            .Where(value => Of(value) >= _low && Of(value) <= _high)
            .ToArray();
        var every = (ticks.Length + most - 1) / Math.Max(most, 1);
        return [.. ticks.Where((_, i) => i % Math.Max(every, 1) == 0).Select(value => (value, value.ToString(value is >= 1e-3 and < 1e7 ? "#,0.####" : "0.#e+0")))];
    }

    private static IEnumerable<int> Indices(double from, double to)
    {
        for (var index = (int)Math.Ceiling(from - 1e-9); index <= to + 1e-9; index++)
            yield return index;
    }
}
