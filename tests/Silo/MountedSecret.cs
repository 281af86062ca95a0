namespace ExplicitCluster.Silo.Tests;

/// <summary>A folder as Kubernetes mounts a secret: links to files in a hidden folder, which is itself behind a link that is replaced when the secret changes.</summary>
internal static class MountedSecret
{
    public static void Write(string folder, params (string Name, string Value)[] values)
    {
        var version = Path.Combine(folder, "..2026_01_01");
        Directory.CreateDirectory(version);
        Directory.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01_01");
        foreach (var (name, value) in values)
        {
            File.WriteAllText(Path.Combine(version, name), value);
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }
    }
}
