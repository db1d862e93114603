using Osprey.Symbols.Types;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Values;

/// <content>Members and bases.</content>
public sealed partial class Value
{
    // Classes derive far less deep; in a damaged file they may derive without end.
    private const int MaxBaseDepth = 64;

    /// <summary>
    /// Finds a data member by name: first among the class's own members and those of anonymous parts, then in the bases
    /// in their order, then among static members. Follows one pointer.
    /// </summary>
    /// <param name="names">The names that the member has had, newest first; the first that exists is used.</param>
    /// <returns>
    /// Null when no such member exists. If it is in a virtual base that cannot be found, a value with a problem.
    /// </returns>
    public Value? Member(params ReadOnlySpan<string> names)
    {
        Value target = Follow();
        if (target.Type.IsPointer)
            target = target.Dereference();

        foreach (string name in names)
        {
            if (target.FindMember(name, 0, new SearchBudget()) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>
    /// Finds the member at the end of a path of names; null when one of the members does not exist.
    /// </summary>
    public Value? Path(params ReadOnlySpan<string> names)
    {
        Value? value = this;
        foreach (string name in names)
            value = value?.Member(name);

        return value;
    }

    /// <summary>Gets a member that the value's type lists.</summary>
    public Value this[Member member] => At(member.Offset, member.Type, member.Bits);

    /// <summary>Gets the part of the value that is one of its direct bases.</summary>
    /// <returns>A value with a problem when it is a virtual base whose offset cannot be read.</returns>
    public Value Base(BaseClass parent)
    {
        if (parent.Offset is { } offset)
            return At(offset, parent.Type);

        return VirtualBases.TryFindOffset(this, parent, out ulong found, out ValueProblem? problem)
            ? At(found, parent.Type)
            : Space.Missing(parent.Type, problem);
    }

    /// <summary>
    /// Finds the nearest base, or the value itself, whose type satisfies a condition; null when there is none.
    /// </summary>
    public Value? FindBase(Func<CompoundType, bool> condition) => FindBase(condition, 0, new SearchBudget());

    /// <summary>
    /// Finds the complete object that this object is a part of, in its real type, by its table of virtual functions.
    /// </summary>
    /// <returns>Null when there is no table, or the table's symbol or type is unknown.</returns>
    public Value? WholeObject() => VirtualBases.FindWholeObject(Follow());

    /// <summary>Gives the names of all members, also of bases and static ones, for suggestions.</summary>
    public IEnumerable<string> GetMemberNames() =>
        Follow() is var target
        && target.Space.Resolve(target.Type.IsPointer ? ((PointerType)target.Type!.Stripped).Target : target.Type)
            is CompoundType compound
            ? GetMemberNames(compound, 0, new SearchBudget())
            : [];

    private Value? FindBase(Func<CompoundType, bool> condition, int depth, SearchBudget budget)
    {
        if (depth > MaxBaseDepth || ResolvedType is not CompoundType compound || !budget.TrySpend())
            return null;

        if (condition(compound))
            return this;

        foreach (BaseClass parent in compound.Bases)
        {
            if (Base(parent).FindBase(condition, depth + 1, budget) is { } found)
                return found;
        }

        return null;
    }

    private Value? FindMember(string name, int depth, SearchBudget budget)
    {
        if (depth > MaxBaseDepth || ResolvedType is not CompoundType compound || !budget.TrySpend())
            return null;

        foreach (Member member in compound.Members)
        {
            if (member.Name == name)
                return this[member];

            if (member.Name is null && this[member].FindMember(name, depth + 1, budget) is { } inner)
                return inner;
        }

        foreach (BaseClass parent in compound.Bases)
        {
            if (Base(parent).FindMember(name, depth + 1, budget) is { } inherited)
                return inherited;
        }

        foreach (DebugVariable variable in compound.Body.Statics)
        {
            if (GetLastName(variable.Name) == name)
                return ReadStatic(compound, variable);
        }

        return null;
    }

    /// <summary>Reads a static member of the value's class.</summary>
    internal Value ReadStatic(CompoundType compound, DebugVariable variable)
    {
        if (variable.Location is VariableLocation.Constant constant)
            return Space.FromBytes(variable.Type, constant.Bytes);

        string bare = GetLastName(variable.Name);
        Value? found =
            (compound.Name is { } scope ? Space.FindVariable($"{scope}::{bare}") : null)
            ?? Space.FindVariable(variable.Name);
        return found ?? Space.Missing(variable.Type, VariableReader.NoLocation);
    }

    internal static string GetLastName(string qualified)
    {
        int depth = 0;
        for (int i = qualified.Length - 1; i > 0; i--)
        {
            if (qualified[i] == '>')
                depth++;
            else if (qualified[i] == '<')
                depth--;
            else if (depth == 0 && qualified[i] == ':' && qualified[i - 1] == ':')
                return qualified[(i + 1)..];
        }

        return qualified;
    }

    private IEnumerable<string> GetMemberNames(CompoundType compound, int depth, SearchBudget budget)
    {
        if (depth > MaxBaseDepth || !budget.TrySpend())
            yield break;

        foreach (Member member in compound.Members)
        {
            if (member.Name is { } name)
            {
                yield return name;
            }
            else if (Space.Resolve(member.Type) is CompoundType part)
            {
                foreach (string inner in GetMemberNames(part, depth + 1, budget))
                    yield return inner;
            }
        }

        foreach (BaseClass parent in compound.Bases)
        {
            if (Space.Resolve(parent.Type) is not CompoundType type)
                continue;

            foreach (string inherited in GetMemberNames(type, depth + 1, budget))
                yield return inherited;
        }

        foreach (DebugVariable variable in compound.Body.Statics)
            yield return GetLastName(variable.Name);
    }
}
