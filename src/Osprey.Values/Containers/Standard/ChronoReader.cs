using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;

namespace Osprey.Values.Containers.Standard;

/// <summary>Reads <c>std::chrono::duration</c> and <c>time_point</c> as a number with a unit.</summary>
internal sealed class ChronoReader : IContainerReader
{
    public IReadOnlyList<string> Namespaces => ["std::"];

    public bool Matches(CompoundType type) =>
        LibraryTypes.GetTemplate(type) is "std::chrono::duration" or "std::chrono::time_point";

    public ContainerView? Open(Value value, CompoundType type)
    {
        Value? duration = LibraryTypes.GetTemplate(type) == "std::chrono::time_point" ? value.Member("__d") : value;
        if (duration?.ResolvedType is not CompoundType durationType || duration.Member("__r") is not { } number)
            return null;

        return new ContainerView.Amount(number, GetUnit(LibraryTypes.GetArgument(durationType, 1)));
    }

    /// <summary>Gets the unit for a <c>std::ratio</c> of seconds.</summary>
    private static string GetUnit(DebugType? ratio)
    {
        IReadOnlyList<TemplateArgument> arguments = (ratio?.Stripped as CompoundType)?.Body.TemplateArguments ?? [];
        long numerator = arguments.Count > 0 ? arguments[0].Value ?? 1 : 1;
        long denominator = arguments.Count > 1 ? arguments[1].Value ?? 1 : 1;
        return (numerator, denominator) switch
        {
            (1, 1) => "s",
            (1, 1_000) => "ms",
            (1, 1_000_000) => "us",
            (1, 1_000_000_000) => "ns",
            (60, 1) => "min",
            (3600, 1) => "h",
            (86400, 1) => "d",
            (_, 1) => $"[{numerator}]s",
            _ => $"[{numerator}/{denominator}]s",
        };
    }
}
