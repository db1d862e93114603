using Osprey.Symbols;
using Osprey.Symbols.Types;

namespace Osprey.Values.Expressions;

/// <summary>
/// Looks up the names in an expression: in the frame's variables first, then in the members of its object
/// (<c>this</c>), then in all modules.
/// </summary>
internal sealed class NameResolver(ValueSpace space, IVariableScope? scope)
{
    private static readonly UnspecifiedType s_untyped = new("<no debug info>", null);

    /// <summary>Tells whether a type stands for that of a variable of which only the place is known.</summary>
    internal static bool IsUntyped(DebugType? type) => ReferenceEquals(type, s_untyped);

    /// <summary>The memory and modules in which names are looked up.</summary>
    public ValueSpace Space => space;

    /// <summary>Finds a variable, function or enumerator; null when there is none of this name.</summary>
    public Value? FindValue(string name)
    {
        bool isQualified = name.Contains("::", StringComparison.Ordinal);
        if (!isQualified && scope is not null)
        {
            if (scope.FindVariable(name) is { } local)
                return local;

            if (scope.FindVariable("this") is { Type.IsPointer: true } self && self.Member(name) is { } member)
                return member;
        }

        if (name.StartsWith("::", StringComparison.Ordinal))
            return FindGlobal(name[2..]);

        for (string? prefix = scope?.FunctionName; prefix is not null; prefix = GetParent(prefix))
        {
            if (prefix.Length > 0 && FindGlobal($"{prefix}::{name}") is { } enclosed)
                return enclosed;
        }

        return FindGlobal(name);
    }

    /// <summary>Finds a type; null when there is none of this name.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="keyword">
    /// The keyword before the name: <c>struct</c>, <c>class</c>, <c>union</c> or <c>enum</c>; empty for none.
    /// </param>
    public DebugType? FindType(string name, string keyword)
    {
        string before = keyword.Length > 0 ? keyword + " " : "";
        if (name.StartsWith("::", StringComparison.Ordinal))
            return FindGlobalType(before, name[2..]);

        for (string? prefix = scope?.FunctionName; prefix is not null; prefix = GetParent(prefix))
        {
            if (prefix.Length > 0 && space.FindType($"{before}{prefix}::{name}") is { } enclosed)
                return enclosed;
        }

        return FindGlobalType(before, name);
    }

    private DebugType? FindGlobalType(string before, string name)
    {
        if (space.FindType(before + name) is { } found)
            return found;

        foreach (string spelling in DefaultArguments.Expand(name))
        {
            if (space.FindType(before + spelling) is { } completed)
                return completed;
        }

        return null;
    }

    /// <summary>Makes the message for an unknown name, with a similar name if there is one.</summary>
    public string DescribeMissing(string name)
    {
        IEnumerable<string> known = scope?.VariableNames ?? [];
        if (scope?.FindVariable("this") is { } self)
            known = known.Concat(self.GetMemberNames());

        return $"No symbol \"{name}\" in current context.{Suggest(name, known)}";
    }

    /// <summary>
    /// Makes the text <c> Did you mean "x"?</c>, with a blank before it; empty when no name is similar.
    /// </summary>
    public static string Suggest(string wanted, IEnumerable<string> names) =>
        NearNames.FindNearest(wanted, names) is { } near ? $" Did you mean \"{near}\"?" : "";

    private Value? FindGlobal(string name) =>
        space.FindVariable(name) ?? space.FindEnumerator(name) ?? space.FindFunction(name) ?? FindUntyped(name);

    /// <summary>
    /// Finds what has a name and an address, and at most a type that it has in the system's sources; without one, what
    /// can be had of it is its address.
    /// </summary>
    private Value? FindUntyped(string name) =>
        space.Names?.FindUntyped(name) is (var address, var type) ? space.At(type ?? s_untyped, address) : null;

    /// <summary>Gets the namespace or class of a qualified name; null when there is none.</summary>
    private static string? GetParent(string name)
    {
        int end = name.Length - Value.GetLastName(name).Length - 2;
        return end > 0 ? name[..end] : null;
    }
}
