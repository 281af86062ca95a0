using System.Buffers.Binary;

namespace ExplicitCluster.Numerics.Tokens;

/// <summary>Distinct tokens, numbered from 0 in the order in which they came: a hash table that is asked with bytes and allocates nothing for it.</summary>
internal sealed class TokenTable
{
    private const int FirstSlots = 1024;

    private readonly TokenBuffer _tokens = new();

    /// <summary>A power of two of slots; an empty one is 0, others have a hash in the upper half and the token's number + 1 in the lower.</summary>
    private ulong[] _slots = new ulong[FirstSlots];

    public int Count => _tokens.Count;

    public ReadOnlySpan<byte> this[int number] => _tokens[number];

    /// <summary>The number of a token, or -1.</summary>
    public int Find(ReadOnlySpan<byte> token)
    {
        var slot = _slots[SlotOf(token, Hash(token))];
        return (int)(uint)slot - 1;
    }

    /// <summary>The number of a token, which gets the next one if it is new.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> token)
    {
        var hash = Hash(token);
        var at = SlotOf(token, hash);
        if (_slots[at] != 0)
            return (int)(uint)_slots[at] - 1;
        _tokens.Add(token);
        _slots[at] = ((ulong)hash << 32) | (uint)Count;
        if (2 * Count > _slots.Length)
            Grow();
        return Count - 1;
    }

    private static uint Hash(ReadOnlySpan<byte> token)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)token.Length * Factor;
        for (; token.Length > 8; token = token[8..])
            hash = ulong.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(token)) * Factor, 29);
        // Bytes in the middle may be read twice: with the length in the sum, all of them are in it.
        var rest = token.Length switch
        {
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(token) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(token[^4..]) << 32),
            > 0 => token[0] | ((ulong)token[token.Length / 2] << 8) | ((ulong)token[^1] << 16),
            _ => 0UL,
        };
        hash = (hash ^ rest) * Factor;
        return (uint)((hash ^ (hash >> 29)) * Factor >> 32);
    }

    /// <summary>The slot of a token, or the empty one where it belongs.</summary>
    private uint SlotOf(ReadOnlySpan<byte> token, uint hash)
    {
        var mask = (uint)_slots.Length - 1;
        for (var at = hash & mask; ; at = (at + 1) & mask)
        {
            var slot = _slots[at];
            if (slot == 0 || ((uint)(slot >> 32) == hash && token.SequenceEqual(_tokens[(int)(uint)slot - 1])))
                return at;
        }
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[checked(2 * old.Length)];
        var mask = (uint)_slots.Length - 1;
        foreach (var slot in old)
        {
            if (slot == 0)
                continue;
            var at = (uint)(slot >> 32) & mask;
            while (_slots[at] != 0)
                at = (at + 1) & mask;
            _slots[at] = slot;
        }
    }
}
