using System.Reflection;
using ExplicitCluster.Abstractions.Jobs;

namespace ExplicitCluster.Architecture.Tests;

/// <summary>What crosses the wire has names and numbers that renaming does not change.</summary>
public sealed class WireTypeTests
{
    private static readonly Type[] Ours =
        [.. typeof(ITrainingJobGrain).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith("ExplicitCluster.", StringComparison.Ordinal) == true)];

    private static IReadOnlyList<Type> GrainInterfaces => [.. Ours.Where(type => type.IsInterface && type.IsAssignableTo(typeof(IAddressable)))];

    private static IReadOnlyList<Type> Messages => [.. Ours.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)))];

    [Fact]
    public void Every_grain_interface_and_message_has_an_alias_of_its_own()
    {
        Assert.NotEmpty(GrainInterfaces);
        Assert.NotEmpty(Messages);
        Assert.Empty(GrainInterfaces.Concat(Messages).Where(type => AliasOf(type) is null).Select(type => type.Name));
        Assert.Empty(Repeated(GrainInterfaces.Concat(Messages).Select(type => AliasOf(type)!)));
    }

    [Fact]
    public void Every_method_of_a_grain_interface_has_an_alias_of_its_own()
    {
        foreach (var grain in GrainInterfaces)
        {
            Assert.Empty(grain.GetMethods().Where(method => AliasOf(method) is null).Select(method => $"{grain.Name}.{method.Name}"));
            Assert.Empty(Repeated(grain.GetMethods().Select(method => AliasOf(method)!)));
        }
    }

    [Fact]
    public void Every_method_of_a_grain_interface_takes_a_cancellation_token_last() =>
        Assert.Empty(GrainInterfaces.SelectMany(grain => grain.GetMethods())
            .Where(method => method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}"));

    [Fact]
    public void Every_field_of_a_message_has_a_number_and_no_number_comes_twice()
    {
        foreach (var message in Messages.Where(type => !type.IsEnum))
        {
            var members = message.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            var ids = members.Select(member => member.GetCustomAttribute<IdAttribute>()?.Id).OfType<uint>().ToList();
            Assert.Equal(ids.Distinct(), ids);
            var stored = members.OfType<PropertyInfo>().Where(property => HasField(message, property));
            Assert.Empty(stored.Where(property => !property.IsDefined(typeof(IdAttribute))).Select(property => $"{message.Name}.{property.Name}"));
        }
    }

    [Fact]
    public void Messages_are_sealed() => Assert.Empty(Messages.Where(type => type.IsClass && !type.IsSealed).Select(type => type.Name));

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias;

    private static IEnumerable<string> Repeated(IEnumerable<string> names) => names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);

    private static bool HasField(Type type, PropertyInfo property) =>
        type.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
}
