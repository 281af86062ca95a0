using ExplicitCluster.Client.Commands;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Client.Configuration;

/// <summary>A cluster as a command names it.</summary>
/// <param name="Given">How people named it, without secrets: a profile's name, or an address. It is what they type to come back.</param>
/// <param name="Address">Where it is, password included.</param>
/// <param name="Store">Address of the artifact store where the profile gives one; otherwise the silos know it.</param>
internal sealed record ClusterProfile(string Given, ClusterAddress Address, string? Store)
{
    private const string ClusterVariable = "EXPLICIT__CLUSTER";
    private const string PasswordVariable = "EXPLICIT__CLUSTERPASSWORD";

    /// <summary>What the option, or else the environment, names; null where neither does.</summary>
    /// <exception cref="UsageException">It is neither an address nor a profile.</exception>
    public static ClusterProfile? Find(string? option)
    {
        var text = option ?? Environment.GetEnvironmentVariable(ClusterVariable);
        if (text is null || (option is null && text.Length == 0))
            return null;
        var source = option is null ? ClusterVariable : "--cluster";
        var profile = text.Contains("://", StringComparison.Ordinal) ? OfAddress(text, source) : UserConfiguration.Load().ProfileOf(text, source);
        return profile with { Address = profile.Address.WithPassword(Environment.GetEnvironmentVariable(PasswordVariable)) };
    }

    private static ClusterProfile OfAddress(string text, string source)
    {
        var (address, problem) = ClusterAddress.Parse(text);
        return address is null
            ? throw new UsageException($"{source} {WithoutSecrets(text)}: {problem}", "for example --cluster redis://localhost:6379/explicit; a password may come from EXPLICIT__CLUSTERPASSWORD")
            : new ClusterProfile(address.ToString(), address, null);
    }

    /// <summary>A mistyped address may hold a password as well.</summary>
    public static string WithoutSecrets(string text) => text.LastIndexOf('@') is >= 0 and var at ? $"...{text[at..]}" : text;
}
