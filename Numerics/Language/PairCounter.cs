using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ExplicitCluster.Numerics.Language;

/// <summary>
/// Counts the cells of several single lags at once. The tokens that follow a token are dealt, in one pass, to the bucket of that token; a row of every lag is
/// then a histogram over one bucket. As <see cref="CellCounter"/>, of which it is the fast form, it is drained when it is full.
/// Memory is 24 bytes a position.
/// </summary>
public sealed class PairCounter
{
    /// <summary>Lags of one counter: their words fill a vector.</summary>
    public const int MostLags = 8;

    /// <summary>The largest vocabulary: the number above stands for no word.</summary>
    public const int MostVocabulary = ushort.MaxValue;

    private const ushort None = ushort.MaxValue;
    private const int Few = 24;

    private readonly CellPacking _packing;
    private readonly int[] _lags;

    /// <summary>Ids of the tokens that are gathered, and from where to where in a document's positions each piece of them is counted.</summary>
    private readonly int[] _ids;
    private readonly List<Piece> _pieces = [];
    private readonly int[] _starts;
    private readonly Vector128<ushort>[] _followers;
    private readonly long[] _counts;
    private readonly ulong[] _seen;
    private readonly ulong[] _seenWords;
    private bool _isDealt;
    private int _end;

    /// <param name="packing">The vocabulary, of at most <see cref="MostVocabulary"/>.</param>
    /// <param name="lags">At most <see cref="MostLags"/> lags.</param>
    /// <param name="capacity">Positions to gather before a run is sorted.</param>
    public PairCounter(CellPacking packing, int[] lags, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packing.Vocabulary, MostVocabulary, nameof(packing));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lags.Length, MostLags, nameof(lags));
        (_packing, _lags) = (packing, lags);
        _ids = new int[capacity + lags.Max()];
        _followers = new Vector128<ushort>[_ids.Length];
        _starts = new int[packing.Vocabulary + 1];
        _counts = new long[packing.Vocabulary];
        _seen = new ulong[(packing.Vocabulary + 63) / 64];
        _seenWords = new ulong[(_seen.Length + 63) / 64];
    }

    /// <summary>A piece of a document: its ids from <paramref name="Start"/>, of which those from <paramref name="First"/> on are counted.</summary>
    private readonly record struct Piece(int Start, int First, int End);

    /// <summary>Positions that can be gathered before the next run.</summary>
    public int Free => Math.Max(0, _ids.Length - _end - _lags.Max());

    /// <inheritdoc cref="CellCounter.Add"/>
    public int Add(ReadOnlySpan<int> document, int first)
    {
        if (_isDealt)
            throw new InvalidOperationException("the counter is being drained");
        var before = Math.Min(first, _lags.Max());
        var count = Math.Min(document.Length - first, Free);
        if (count == 0)
            return 0;
        document.Slice(first - before, before + count).CopyTo(_ids.AsSpan(_end));
        _pieces.Add(new Piece(_end, _end + before, _end + before + count));
        _end += before + count;
        return count;
    }

    /// <summary>Appends the cells of one of the lags, given by its place in the list, to <paramref name="cells"/>. After the last, <see cref="Clear"/>.</summary>
    public void Drain(int lag, CellList cells)
    {
        if (!_isDealt)
            Deal();
        _isDealt = true;
        for (var token = 0; token < _packing.Vocabulary; token++)
        {
            var bucket = MemoryMarshal.Cast<Vector128<ushort>, ushort>(_followers.AsSpan(_starts[token], _starts[token + 1] - _starts[token]));
            if (bucket.Length <= Few * MostLags)
                AddFew(token, bucket, lag, cells);
            else
                AddMany(token, bucket, lag, cells);
        }
        foreach (var piece in _pieces)
        {
            // What comes before the start of a document is the pad.
            var end = Math.Min(piece.Start + _lags[lag], piece.End);
            for (var at = piece.First; at < end; at++)
                Count(_ids[at]);
        }
        Emit(_packing.Pad, cells);
    }

    /// <summary>Forgets what was gathered.</summary>
    public void Clear()
    {
        _pieces.Clear();
        (_end, _isDealt) = (0, false);
    }

    /// <summary>Sorts positions by their token, each with the tokens that follow it at the lags.</summary>
    private void Deal()
    {
        Array.Clear(_starts);
        foreach (var id in _ids.AsSpan(0, _end))
            _starts[id + 1]++;
        for (var token = 0; token < _packing.Vocabulary; token++)
            _starts[token + 1] += _starts[token];
        foreach (var piece in _pieces)
        {
            var inner = Math.Max(piece.First, piece.End - _lags.Max());
            for (var at = piece.Start; at < piece.First; at++)
                _followers[_starts[_ids[at]]++] = Followers(piece, at);
            for (var at = piece.First; at < inner; at++)
                _followers[_starts[_ids[at]]++] = Followers(at);
            for (var at = inner; at < piece.End; at++)
                _followers[_starts[_ids[at]]++] = Followers(piece, at);
        }
        // Each start has moved to where the next began.
        _starts.AsSpan(0, _packing.Vocabulary).CopyTo(_starts.AsSpan(1));
        _starts[0] = 0;
    }

    /// <summary>The tokens after a position that has all of them.</summary>
    private Vector128<ushort> Followers(int at)
    {
        ulong low = 0, high = 0;
        for (var lag = 0; lag < _lags.Length; lag++)
        {
            var id = (ulong)(uint)_ids[at + _lags[lag]] << (16 * (lag & 3));
            low |= lag < 4 ? id : 0;
            high |= lag < 4 ? 0 : id;
        }
        return Vector128.Create(low, high).AsUInt16();
    }

    private Vector128<ushort> Followers(Piece piece, int at)
    {
        var followers = Vector128<ushort>.AllBitsSet;
        for (var lag = 0; lag < _lags.Length; lag++)
        {
            var next = at + _lags[lag];
            if (next >= piece.First && next < piece.End)
                followers = followers.WithElement(lag, (ushort)_ids[next]);
        }
        return followers;
    }

    /// <summary>A short row: its words are sorted.</summary>
    private void AddFew(int token, ReadOnlySpan<ushort> bucket, int lag, CellList cells)
    {
        Span<ushort> words = stackalloc ushort[Few];
        var count = 0;
        for (var i = lag; i < bucket.Length; i += MostLags)
        {
            var word = bucket[i];
            if (word == None)
                continue;
            var at = count++;
            for (; at > 0 && words[at - 1] > word; at--)
                words[at] = words[at - 1];
            words[at] = word;
        }
        var row = (ulong)(uint)token << _packing.WordBits;
        for (var i = 0; i < count;)
        {
            var (start, word) = (i, words[i]);
            do
                i++;
            while (i < count && words[i] == word);
            cells.Add(row | word, i - start);
        }
    }

    private void AddMany(int token, ReadOnlySpan<ushort> bucket, int lag, CellList cells)
    {
        for (var i = lag; i < bucket.Length; i += MostLags)
        {
            if (bucket[i] != None)
                Count(bucket[i]);
        }
        Emit(token, cells);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(int word)
    {
        if (_counts[word]++ > 0)
            return;
        _seen[word >> 6] |= 1UL << word;
        _seenWords[word >> 12] |= 1UL << (word >> 6);
    }

    /// <summary>Appends the words counted since the last row, in order, and forgets them.</summary>
    private void Emit(int token, CellList cells)
    {
        var row = (ulong)(uint)token << _packing.WordBits;
        for (var group = 0; group < _seenWords.Length; group++)
        {
            for (var groups = _seenWords[group]; groups != 0; groups &= groups - 1)
            {
                var place = (group << 6) + BitOperations.TrailingZeroCount(groups);
                for (var bits = _seen[place]; bits != 0; bits &= bits - 1)
                {
                    var word = (place << 6) + BitOperations.TrailingZeroCount(bits);
                    cells.Add(row | (uint)word, _counts[word]);
                    _counts[word] = 0;
                }
                _seen[place] = 0;
            }
            _seenWords[group] = 0;
        }
    }
}
