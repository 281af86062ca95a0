using ExplicitCluster.Client.Commands;
using ExplicitCluster.Client.Specifications;
using ExplicitCluster.Grains.Hosting;

namespace ExplicitCluster.Client.Configuration;

/// <summary>
/// The user's own settings, <c>explicit/config.yaml</c> below <c>XDG_CONFIG_HOME</c>: <c>profiles: { lab: { cluster: redis://..., store: ...,
/// passwordFile: ... } }</c>. Mistakes are told as those of a specification are: file, line and nearest key.
/// </summary>
internal sealed class UserConfiguration
{
    private const long MostBytes = 1 << 20;
    private const string Example = "profiles: { lab: { cluster: redis://localhost:6379/explicit } }";

    private readonly Dictionary<string, ClusterProfile> _profiles = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly ProblemList _problems;
    private readonly FieldValues _values;

    private UserConfiguration(string path)
    {
        _path = path;
        _problems = new ProblemList(path);
        _values = new FieldValues(_problems);
    }

    /// <exception cref="SpecificationException">The file has mistakes.</exception>
    public static UserConfiguration Load()
    {
        var configuration = new UserConfiguration(PathOf());
        configuration.Read();
        configuration._problems.ThrowIfAny();
        return configuration;
    }

    /// <exception cref="UsageException">There is no such profile.</exception>
    public ClusterProfile ProfileOf(string name, string source)
    {
        if (_profiles.TryGetValue(name, out var profile))
            return profile;
        var seen = $"{source} {Quoted.Escape(ClusterProfile.WithoutSecrets(name))}: ";
        if (_profiles.Count == 0)
            throw new UsageException($"{seen}neither an address nor a profile: {_path} has none", $"give an address, e.g. redis://localhost:6379/explicit, or write the file, e.g. {Example}");
        throw new UsageException($"{seen}no such profile in {_path}; {KeyNames.Suggest(name, [.. _profiles.Keys], ("profile", "profiles"))}", "name a profile of the file, or give an address such as redis://localhost:6379/explicit");
    }

    private static string PathOf()
    {
        var folder = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(folder, "explicit", "config.yaml");
    }

    private void Read()
    {
        if (ReadText() is not { } text || string.IsNullOrWhiteSpace(text) || SpecificationTree.ReadFile(text, _problems) is not { } root)
            return;
        if (root is not MappingNode mapping)
        {
            _problems.Add(root.Origin, $"the file holds {root.Describe()}; expected a mapping, e.g. {Example}");
            return;
        }
        var section = Section.Root(_problems, mapping);
        section.RefuseOthers(["profiles"], []);
        if (section.Find("profiles") is not { } profiles)
            return;
        if (profiles.Value is not MappingNode named)
        {
            _values.Wrong(profiles, $"a mapping of names, e.g. {Example}");
            return;
        }
        foreach (var entry in named.Entries)
            ReadProfile(new Field($"profiles.{entry.Key}", entry.Origin, entry.Value), entry.Key);
    }

    private void ReadProfile(Field field, string name)
    {
        if (Section.Of(_problems, field, "lab: { cluster: redis://localhost:6379/explicit }") is not { } section)
            return;
        section.RefuseOthers(["cluster", "store", "passwordFile"], []);
        var store = section.Find("store") is { } storeField ? _values.Text(storeField, "a store's address, e.g. blob:explicit") : null;
        var password = section.Find("passwordFile") is { } file ? ReadPassword(file) : null;
        if (section.Require("cluster", "cluster: redis://localhost:6379/explicit") is not { } cluster || _values.Text(cluster, "a cluster's address") is not { } text)
            return;
        var (address, problem) = ClusterAddress.Parse(text);
        if (address is null)
            _problems.Add(cluster.At, $"'{cluster.Path}' is '{ClusterProfile.WithoutSecrets(text)}'; it {problem}");
        else
            _profiles[name] = new ClusterProfile(name, address.WithPassword(password), store);
    }

    /// <summary>The first line of a file, so that the secret itself need not stand among settings.</summary>
    private string? ReadPassword(Field field)
    {
        if (_values.Text(field, "a file that holds the password, e.g. passwordFile: cluster-password") is not { } name)
            return null;
        try
        {
            var password = File.ReadLines(Path.Combine(Path.GetDirectoryName(_path)!, name)).FirstOrDefault();
            if (!string.IsNullOrEmpty(password))
                return password;
            _problems.Add(field.At, $"'{field.Path}': {name} is empty; expected the password in its first line");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add(field.At, $"'{field.Path}': {name} cannot be read ({exception.Message.TrimEnd('.')}); check the path, which starts at this file's folder, and its permissions");
        }
        return null;
    }

    private string? ReadText()
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            if (new FileInfo(_path).Length <= MostBytes)
                return File.ReadAllText(_path);
            _problems.Add(_problems.File, "the file is larger than 1 MiB; expected a few profiles");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _problems.Add(_problems.File, $"the file cannot be read ({exception.Message.TrimEnd('.')}); check its permissions");
        }
        return null;
    }
}
