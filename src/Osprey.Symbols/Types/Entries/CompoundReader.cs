using Osprey.Binary;
using Osprey.Binary.Demangling;
using Osprey.Binary.Dwarf.Info;
using Osprey.Symbols.Types.Compounds;
using Osprey.Symbols.Types.Variables;

namespace Osprey.Symbols.Types.Entries;

/// <summary>Reads the content of structs, classes and unions.</summary>
internal sealed class CompoundReader(
    DebugEntries entries,
    TypeReader types,
    Func<string, VariableLocation?> findDefinition
)
{
    /// <summary>Most types that are looked at to find out whether a class contains itself.</summary>
    private const int MaxContainmentVisits = 1_000;

    private const byte PlusConstant = 0x23; // DW_OP_plus_uconst
    private const byte ConstantUleb = 0x10; // DW_OP_constu

    /// <summary>Reads the content of a type; members read before an error are kept.</summary>
    public CompoundBody Read(Entry entry)
    {
        var members = new List<Member>();
        var bases = new List<BaseClass>();
        var statics = new List<DebugVariable>();
        var arguments = new List<TemplateArgument>();
        var functions = new List<VirtualFunction>();
        try
        {
            if (!entry.Unit.TryOpen(entry.Offset, out DieCursor cursor) || !cursor.HasChildren)
                return CompoundBody.Empty;

            EntryAttributes.Read(ref cursor, out EntryAttributes self);
            var item = new EntryAttributes(); // one for all of them: what they keep of it they copy
            bool isInPack = false;
            while (cursor.MoveNext())
            {
                if (
                    cursor.Depth == 2
                    && isInPack
                    && (cursor.Tag is DwarfTag.TemplateTypeParameter or DwarfTag.TemplateValueParameter)
                )
                    AddTemplateArgument(entry.Unit, item, ref cursor, arguments);

                if (cursor.Depth != 1)
                    continue;

                isInPack = cursor.Tag == DwarfTag.GnuTemplateParameterPack;

                switch (cursor.Tag)
                {
                    case DwarfTag.Member or DwarfTag.Variable:
                        AddMember(entry, self, item, ref cursor, members, statics);
                        break;
                    case DwarfTag.Inheritance:
                        AddBase(entry, self, item, ref cursor, bases);
                        break;
                    case DwarfTag.TemplateTypeParameter or DwarfTag.TemplateValueParameter:
                        AddTemplateArgument(entry.Unit, item, ref cursor, arguments);
                        break;
                    case DwarfTag.Subprogram:
                        AddVirtualFunction(entry, item, ref cursor, functions);
                        break;
                }
            }
        }
        catch (BadDataException e)
        {
            entries.Report(e.Message);
        }

        return new CompoundBody(members, bases, statics, arguments) { VirtualFunctions = functions };
    }

    /// <summary>
    /// Writes the arguments of a template's instance, in their brackets; null when the entry is not an instance.
    /// </summary>
    public string? SpellArguments(Entry entry)
    {
        var arguments = new List<TemplateArgument>();
        bool isTemplate = false;
        if (!entry.Unit.TryOpen(entry.Offset, out DieCursor cursor))
            return null;

        var item = new EntryAttributes();
        bool isInPack = false;
        while (cursor.MoveNext())
        {
            bool isArgument = cursor.Tag is DwarfTag.TemplateTypeParameter or DwarfTag.TemplateValueParameter;
            if (isArgument && (cursor.Depth == 1 || (cursor.Depth == 2 && isInPack)))
                AddTemplateArgument(entry.Unit, item, ref cursor, arguments);

            if (cursor.Depth != 1)
                continue;

            isInPack = cursor.Tag == DwarfTag.GnuTemplateParameterPack;
            isTemplate |= isArgument || isInPack;
        }

        return isTemplate ? $"<{string.Join(", ", arguments.Select(TypeNames.SpellArgument))}>" : null;
    }

    /// <summary>
    /// Reads a parameter of a template, which is a type, a value or an element of a pack, and adds its argument.
    /// </summary>
    private void AddTemplateArgument(
        UnitEntries unit,
        EntryAttributes item,
        ref DieCursor cursor,
        List<TemplateArgument> arguments
    )
    {
        item.Read(ref cursor);
        AttributeValue type = item.Type;
        string? name = item.HasName ? unit.Unit.GetString(item.Name) : null;
        long? value = null;
        if (item.Tag == DwarfTag.TemplateValueParameter)
        {
            value =
                item.Constant.IsConstant ? unchecked((long)item.Constant.Bits)
                : LocationReader.Read(unit.Unit, item.Location) is VariableLocation.Static place
                    ? unchecked((long)place.LinkAddress)
                : 0;
        }

        arguments.Add(new TemplateArgument(name, () => types.Read(unit, type), value));
    }

    private void AddMember(
        Entry holder,
        EntryAttributes self,
        EntryAttributes item,
        ref DieCursor cursor,
        List<Member> members,
        List<DebugVariable> statics
    )
    {
        UnitEntries unit = holder.Unit;
        item.Read(ref cursor);
        string? name = item.HasName ? unit.Unit.GetString(item.Name) : null;
        bool hasPlace = item.MemberLocation.Form != DwarfForm.None || item.DataBitOffset.Form != DwarfForm.None;
        if (item.Tag == DwarfTag.Variable || (!hasPlace && (item.IsExternal || item.IsDeclaration)))
        {
            if (name is not null)
                statics.Add(MakeStatic(holder, item, name));

            return;
        }

        bool isCircle = HoldsItself(holder, self, item.Type);
        if (isCircle)
            entries.Report($".debug_info+0x{item.Offset:x}: a class that holds itself");

        AttributeValue type = isCircle ? default : item.Type;
        (ulong offset, MemberBits? bits) = GetPlace(unit, item);
        members.Add(new Member(name, () => types.ReadObject(unit, type), offset, bits, item.IsArtificial));
    }

    private DebugVariable MakeStatic(Entry holder, EntryAttributes item, string name)
    {
        UnitEntries unit = holder.Unit;
        string qualified = entries.GetQualifiedName(holder) is { } scope ? $"{scope}::{name}" : name;
        VariableLocation location = VariableLocation.None.Instance;
        if (item.Constant.Form != DwarfForm.None)
            location = new VariableLocation.Constant(
                ConstantReader.GetBytes(unit.Unit, item.Constant, types.ReadLink(unit, item.Type)?.Size)
            );
        else if (item.Location.Form != DwarfForm.None)
            location = LocationReader.Read(unit.Unit, item.Location);

        if (
            location is not VariableLocation.Static and not VariableLocation.ThreadLocal
            && findDefinition(qualified) is { } found and not VariableLocation.None
        )
            location = found;

        AttributeValue type = item.Type;
        return new DebugVariable(qualified, () => types.Read(unit, type), location);
    }

    private void AddVirtualFunction(
        Entry holder,
        EntryAttributes item,
        ref DieCursor cursor,
        List<VirtualFunction> functions
    )
    {
        UnitEntries unit = holder.Unit;
        item.Read(ref cursor);
        if (!item.IsVirtual || !item.HasName || GetOffset(unit, item.TableElement) is not { } slot)
            return;

        string name = unit.Unit.GetString(item.Name);
        string? scope = entries.GetQualifiedName(holder);
        functions.Add(
            new VirtualFunction(
                item.LinkageName.Form != DwarfForm.None
                        ? SymbolDemangler.Demangle(unit.Unit.GetString(item.LinkageName))
                    : scope is null ? name
                    : $"{scope}::{name}",
                slot
            )
        );
    }

    private void AddBase(
        Entry holder,
        EntryAttributes self,
        EntryAttributes item,
        ref DieCursor cursor,
        List<BaseClass> bases
    )
    {
        UnitEntries unit = holder.Unit;
        item.Read(ref cursor);
        bool isCircle = HoldsItself(holder, self, item.Type);
        if (isCircle)
            entries.Report($".debug_info+0x{item.Offset:x}: a class that is its own base");

        AttributeValue type = isCircle ? default : item.Type;
        ulong? offset = GetOffset(unit, item.MemberLocation);
        bases.Add(
            new BaseClass(() => types.ReadObject(unit, type), item.IsVirtual ? null : offset ?? 0, item.IsVirtual)
            {
                TableDistance = item.IsVirtual ? VirtualBaseReader.ReadDistance(unit, item.MemberLocation) : null,
            }
        );
    }

    private static (ulong Offset, MemberBits? Bits) GetPlace(UnitEntries unit, EntryAttributes item)
    {
        ulong offset = GetOffset(unit, item.MemberLocation) ?? 0;
        if (!item.BitSize.IsConstant || item.BitSize.Bits is 0 or > 64)
        {
            // Some compilers give the place of a whole member in bits.
            return item.DataBitOffset.IsConstant
                ? (unchecked(offset + (item.DataBitOffset.Bits / 8)), null)
                : (offset, null);
        }

        ulong count = item.BitSize.Bits;
        ulong first;
        if (item.DataBitOffset.IsConstant)
        {
            // DWARF 4 and 5 count from the start of the type.
            first = unchecked((offset * 8) + item.DataBitOffset.Bits);
        }
        else
        {
            // DWARF 2 and 3 count down from the highest bit of a storage unit.
            ulong storage = item.ByteSize.IsConstant ? item.ByteSize.Bits : 4;
            ulong skipped = item.BitOffset.IsConstant ? item.BitOffset.Bits : 0;
            first = unit.Unit.Owner.Sections.IsBigEndian
                ? unchecked((offset * 8) + skipped)
                : unchecked((offset * 8) + (storage * 8) - skipped - count);
        }

        return (first / 8, new MemberBits((int)(first % 8), (int)count));
    }

    /// <summary>
    /// Returns the offset of a member or base: a number, or up to version 3 an expression that adds one. Null when it
    /// is neither.
    /// </summary>
    private static ulong? GetOffset(UnitEntries unit, in AttributeValue value)
    {
        if (value.IsConstant)
            return value.Bits;

        if (!VirtualBaseReader.IsExpression(value.Form))
            return null;

        ByteReader reader = VirtualBaseReader.Open(unit, value);
        if (reader.IsAtEnd || reader.ReadByte() is not (PlusConstant or ConstantUleb))
            return null;

        ulong offset = reader.ReadUleb128();
        return reader.IsAtEnd ? offset : null;
    }

    /// <summary>
    /// True when a part of a class is larger than the class, or contains it: a walk over the parts would then not end.
    /// In such a circle all parts have the same size, or one of them is larger than the class around it.
    /// </summary>
    private bool HoldsItself(Entry holder, EntryAttributes self, in AttributeValue part)
    {
        ulong size = TypeReader.GetNumber(self.ByteSize) ?? 0;
        int budget = MaxContainmentVisits;
        return HoldsItself(holder, size, holder.Unit, part, ref budget, 0);
    }

    private bool HoldsItself(Entry holder, ulong size, UnitEntries from, AttributeValue part, ref int budget, int depth)
    {
        if (FindClass(from, part, out bool isEmptyArray) is not { } inner || isEmptyArray)
            return false;

        if (inner == holder || budget-- <= 0 || depth > 100)
            return true;

        if (!inner.Unit.TryOpen(inner.Offset, out DieCursor cursor))
            return false;

        EntryAttributes.Read(ref cursor, out EntryAttributes attributes);
        ulong innerSize = TypeReader.GetNumber(attributes.ByteSize) ?? 0;
        if (innerSize != size || attributes.IsDeclaration)
            return innerSize > size;

        if (!attributes.HasChildren)
            return false;

        while (cursor.MoveNext())
        {
            if (cursor.Depth != 1 || cursor.Tag is not (DwarfTag.Member or DwarfTag.Inheritance))
                continue;

            EntryAttributes.Read(ref cursor, out EntryAttributes item);
            bool isStatic =
                item.Tag == DwarfTag.Member
                && item.MemberLocation.Form == DwarfForm.None
                && (item.IsExternal || item.IsDeclaration);
            if (!isStatic && HoldsItself(holder, size, inner.Unit, item.Type, ref budget, depth + 1))
                return true;
        }

        return false;
    }

    /// <summary>Finds the class behind typedefs, qualifiers and arrays; null when it is another kind of type.</summary>
    private Entry? FindClass(UnitEntries from, AttributeValue reference, out bool isEmptyArray)
    {
        isEmptyArray = false;
        UnitEntries unit = from;
        for (int links = 0; links < DebugEntries.MaxTypeChain; links++)
        {
            if (
                reference.Form == DwarfForm.None
                || entries.Follow(unit, reference) is not { } entry
                || !entry.Unit.TryRead(entry.Offset, out EntryAttributes? attributes)
            )
            {
                return null;
            }

            if (
                attributes.Tag
                is DwarfTag.StructureType
                    or DwarfTag.ClassType
                    or DwarfTag.UnionType
                    or DwarfTag.InterfaceType
            )
                return entry;

            if (!TypeReader.IsLink(attributes.Tag))
                return null;

            // An array without elements takes no room, whatever its elements are.
            isEmptyArray |= attributes.Tag == DwarfTag.ArrayType && types.Read(entry) is ArrayType { Count: null or 0 };
            unit = entry.Unit;
            reference = attributes.Type;
        }

        return null;
    }
}
