namespace ExplicitCluster.Data.Tests.Fuzz;

/// <summary>Changes bytes at random, but the same for the same generator.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = [0, 1, 0x7f, 0x80, 0xc3, 0xed, 0xff, .. "\n\r\t \",;:{}[]\\#+-.0123456789eE"u8];
    private static readonly int[] Numbers = [0, 1, -1, int.MaxValue, int.MinValue, 255, 256, 65535, 65536, 1 << 24];

    /// <param name="content">A valid file; not changed.</param>
    /// <param name="other">Another one, of which parts may be taken.</param>
    /// <param name="random">The generator.</param>
    public static byte[] Of(byte[] content, byte[] other, Random random)
    {
        var bytes = new List<byte>(content);
        for (var changes = 1 + random.Next(random.Next(2) == 0 ? 1 : 6); changes > 0; changes--) Change(bytes, other, random);
        return [.. bytes];
    }

    private static void Change(List<byte> bytes, byte[] other, Random random)
    {
        // Formats keep what matters most at their ends.
        var at = random.Next(4) switch
        {
            0 => random.Next(Math.Min(bytes.Count, 64) + 1),
            1 => bytes.Count - random.Next(Math.Min(bytes.Count, 64) + 1),
            _ => random.Next(bytes.Count + 1),
        };
        var length = Math.Min(bytes.Count - at, 1 << random.Next(8));
        switch (random.Next(9))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when length > 0:
                bytes[at] = Telling[random.Next(Telling.Length)];
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Repeat(Telling[random.Next(Telling.Length)], 1 << random.Next(10)));
                break;
            case 5 when other.Length > 0:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + 1 + random.Next(64))]);
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 7 when bytes.Count - at >= sizeof(int):
                var number = BitConverter.GetBytes(Numbers[random.Next(Numbers.Length)]);
                for (var i = 0; i < number.Length; i++) bytes[at + i] = number[i];
                break;
            default:
                for (var i = at; i < at + length; i++) bytes[i] = (byte)random.Next(256);
                break;
        }
    }
}
