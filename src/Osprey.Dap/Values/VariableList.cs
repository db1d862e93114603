using System.Globalization;
using Osprey.Dap.Protocol.Requests;
using Osprey.Dap.Protocol.Types;
using Osprey.Dap.Stops;
using Osprey.Symbols.Types;
using Osprey.Values;
using Osprey.Values.Printing;

namespace Osprey.Dap.Values;

/// <summary>Puts values into the protocol's words, and numbers to those that have parts.</summary>
/// <param name="view">Keeps the numbers.</param>
internal sealed class VariableList(StopView view)
{
    private const int MaxText = 400;

    private static readonly ValueTextOptions s_short = ValueTextOptions.Default with
    {
        MaxDepth = 2,
        MaxElements = 80,
        StaticMembers = false,
    };

    /// <summary>Lists parts of something.</summary>
    /// <param name="group">The thing.</param>
    /// <param name="wish">The parts that are wanted.</param>
    /// <param name="cancellation">Ends the work.</param>
    public List<DapVariable> List(VariableGroup group, VariablesArguments wish, CancellationToken cancellation)
    {
        int start = Math.Max(0, wish.Start ?? 0);
        int count = wish.Count is > 0 and var asked ? asked : int.MaxValue;
        IEnumerable<ChildValue> parts = wish.Filter switch
        {
            "named" => group.ListNamed(start, count),
            "indexed" => group.ListIndexed(start, Math.Min(count, VariableGroup.MaxPage)),
            _ => ListAll(group, start, count),
        };
        var variables = new List<DapVariable>();
        foreach (ChildValue part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            variables.Add(Describe(part, wish.VariablesReference, wish.Format));
        }

        return variables;
    }

    /// <summary>Puts a part into words.</summary>
    /// <param name="part">The part.</param>
    /// <param name="owner">The number of what it is a part of.</param>
    /// <param name="format">The form of its value.</param>
    public DapVariable Describe(ChildValue part, object owner, ValueFormat? format)
    {
        VariableGroup? parts =
            part.Parts
            ?? (
                part.Value is { Problem: null } value
                && (part.Text is null || part.IsRaw || value.ResolvedType is PointerType)
                    ? VariableGroup.Of(value, part.Expression, part.IsRaw)
                    : null
            );
        return new DapVariable
        {
            Name = part.Name,
            Value = part.Text ?? Cut(FormatShort(part.Value, format)),
            Type = part.Value is { Type: { } type } ? TypeNames.Spell(type) : null,
            EvaluateName = part.IsRaw ? null : part.Expression,
            VariablesReference = parts is null ? 0 : view.AddGroup(FindKey(part, owner), parts),
            NamedVariables = parts is { NamedCount: > 0 } ? parts.NamedCount : null,
            IndexedVariables = parts?.IndexedCount is > 0 and var indexed ? indexed : null,
            MemoryReference = FindMemory(part.Value),
        };
    }

    /// <summary>
    /// Gives the address of the memory that belongs to a value, for a pointer that of its target; null when there is
    /// none.
    /// </summary>
    public static string? FindMemory(Value? value)
    {
        if (value is null)
            return null;

        Value target = value.Follow();
        ulong? address = target.ResolvedType switch
        {
            PointerType { Kind: PointerKind.Pointer } => target.AsPointer() is > 0 and var pointer ? pointer : null,
            _ => target.Address,
        };
        return address is ulong known ? string.Create(CultureInfo.InvariantCulture, $"0x{known:x}") : null;
    }

    /// <summary>Formats a value in a line.</summary>
    public static string FormatShort(Value? value, ValueFormat? format) =>
        value is null ? "" : ValueText.FormatInner(value, s_short with { Hex = format?.Hex ?? false });

    /// <summary>
    /// Parts without a limit are cut: a client that does not page is not to be sent a million of them.
    /// </summary>
    private static IEnumerable<ChildValue> ListAll(VariableGroup group, int start, int count)
    {
        int named = group.NamedCount;
        foreach (ChildValue part in group.ListNamed(Math.Min(start, named), count))
            yield return part;

        long first = Math.Max(0, (long)start - named);
        long left = count == int.MaxValue ? VariableGroup.MaxPage : count - Math.Max(0, named - start);
        if (left > 0)
        {
            foreach (ChildValue part in group.ListIndexed(first, (int)Math.Min(left, VariableGroup.MaxPage)))
                yield return part;
        }
    }

    /// <summary>
    /// What is in memory has one number however it is come by, so that a list that leads back to itself has as many as
    /// it has nodes.
    /// </summary>
    private static object FindKey(ChildValue part, object owner)
    {
        if (part.Parts is null && part.Value?.Follow() is { ResolvedType: { } type } value)
        {
            ulong? address = type is PointerType ? value.AsPointer() : value.Address;
            if (address is ulong known)
                return (value.Space, known, type, part.IsRaw);
        }

        return (owner, part.Name, part.IsRaw);
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxText)
            return text;

        int end = char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText;
        return text[..end] + "...";
    }
}
