using ExplicitCluster.Numerics.Elementary;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Draws words from a model, one after the other. The id of unknown words is never drawn. The same settings and seed give the same words everywhere.
/// </summary>
public sealed class TextSampler
{
    private readonly LanguageModel _model;
    private readonly LanguageScorer _scorer;
    private readonly SamplingSettings _settings;
    private readonly SplitMix64 _random;
    private readonly double[] _logs;
    private readonly int[] _words;

    public TextSampler(LanguageModel model, SamplingSettings settings)
    {
        (_model, _settings, _scorer, _random) = (model, settings, new LanguageScorer(model), new SplitMix64(settings.Seed));
        (_logs, _words) = (new double[model.Packing.Vocabulary], new int[model.Packing.Vocabulary]);
    }

    /// <summary>The next word after a text.</summary>
    public int Next(ReadOnlySpan<int> text)
    {
        // What is further back than the longest lag has no say, except that there is something.
        text = text[Math.Max(0, text.Length - _model.LongestLag)..];
        _scorer.LogProbabilities(text, text.Length, _logs);
        var candidates = 0;
        for (var word = Tokens.TokenVocabulary.Unknown + 1; word < _logs.Length; word++)
            _words[candidates++] = word;
        var words = _words.AsSpan(0, candidates);
        words.Sort((a, b) => _logs[a] != _logs[b] ? _logs[b].CompareTo(_logs[a]) : a.CompareTo(b));
        if (_settings.Temperature == 0)
            return words[0];
        words = words[..Math.Min(words.Length, _settings.TopK)];
        Span<double> shares = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
            shares[i] = (_logs[words[i]] - _logs[words[0]]) / _settings.Temperature;
        SameBits.Exp(shares, shares);
        var kept = Keep(shares);
        return words[Draw(shares[..kept])];
    }

    /// <summary>The fewest of the words, the most probable first, that together have the share top-p.</summary>
    private int Keep(ReadOnlySpan<double> shares)
    {
        var total = 0.0;
        foreach (var share in shares)
            total += share;
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            sum += shares[i];
            if (sum >= _settings.TopP * total)
                return i + 1;
        }
        return shares.Length;
    }

    private int Draw(ReadOnlySpan<double> shares)
    {
        var total = 0.0;
        foreach (var share in shares)
            total += share;
        var left = (_random.Next() >> 11) * (1.0 / (1L << 53)) * total;
        for (var i = 0; i < shares.Length - 1; i++)
        {
            left -= shares[i];
            if (left < 0)
                return i;
        }
        return shares.Length - 1;
    }
}
