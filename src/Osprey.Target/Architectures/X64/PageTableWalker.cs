using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>Translates addresses by a guest's page tables, as its CPU would. Keeps nothing between calls.</summary>
/// <param name="memory">The memory that the tables are in.</param>
/// <param name="paging">The state of the CPU whose view is wanted.</param>
public sealed class PageTableWalker(IPhysicalMemory memory, X64Paging paging) : IAddressTranslator
{
    /// <summary>Without paging every size of a page is right; a large one is looked up seldom.</summary>
    private const ulong IdentityPageSize = 1 << 21;

    private readonly PageTableFormat _format = new(paging);

    /// <summary>The state of the CPU whose view this is.</summary>
    public X64Paging Paging => paging;

    /// <inheritdoc/>
    public bool TryTranslate(ulong address, out Translation translation)
    {
        translation = default;
        if (!_format.IsCanonical(address))
            return false;

        if (_format.Levels == 0)
        {
            translation = new Translation(new PhysicalAddress(address), IdentityPageSize);
            return true;
        }

        ulong table = paging.Root.Value;
        for (int level = _format.Levels - 1; ; level--)
        {
            if (!TryReadEntry(EntryAddress(table, address, level), out ulong entry))
                return false;

            switch (_format.Classify(level, entry))
            {
                case PageTableEntryKind.Table:
                    table = _format.TableAddress(entry);
                    break;
                case PageTableEntryKind.Leaf:
                    translation = ToTranslation(address, level, entry);
                    return true;
                default:
                    return false;
            }
        }
    }

    /// <summary>Translates one address and keeps each step.</summary>
    public PageWalk Walk(ulong address)
    {
        if (!_format.IsCanonical(address))
            return new PageWalk(address, [], PageWalkOutcome.NotCanonical, null, PagePermissions.None);

        var permissions = PagePermissions.Read | PagePermissions.Write | PagePermissions.Execute | PagePermissions.User;
        if (_format.Levels == 0)
            return new PageWalk(
                address,
                [],
                PageWalkOutcome.Mapped,
                new Translation(new PhysicalAddress(address), IdentityPageSize),
                permissions
            );

        var steps = new List<PageTableStep>(_format.Levels);
        ulong table = paging.Root.Value;
        for (int level = _format.Levels - 1; ; level--)
        {
            PhysicalAddress at = EntryAddress(table, address, level);
            bool isReadable = TryReadEntry(at, out ulong entry);
            steps.Add(new PageTableStep(level + 1, _format.Index(address, level), at, isReadable ? entry : null));
            if (!isReadable)
                return NotMapped(PageWalkOutcome.TableUnreadable);

            permissions &= _format.Permissions(level, entry);
            switch (_format.Classify(level, entry))
            {
                case PageTableEntryKind.Table:
                    table = _format.TableAddress(entry);
                    break;
                case PageTableEntryKind.Leaf:
                    return new PageWalk(
                        address,
                        steps,
                        PageWalkOutcome.Mapped,
                        ToTranslation(address, level, entry),
                        permissions
                    );
                case PageTableEntryKind.ProtectNone:
                    return NotMapped(PageWalkOutcome.ProtectNone);
                case PageTableEntryKind.Reserved:
                    return NotMapped(PageWalkOutcome.ReservedBits);
                default:
                    return NotMapped(PageWalkOutcome.NotPresent);
            }
        }

        PageWalk NotMapped(PageWalkOutcome outcome) => new(address, steps, outcome, null, PagePermissions.None);
    }

    private PhysicalAddress EntryAddress(ulong table, ulong address, int level) =>
        new(table + (ulong)(_format.Index(address, level) * _format.EntrySize));

    private bool TryReadEntry(PhysicalAddress address, out ulong entry)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        bool whole = memory.Read(address, bytes[.._format.EntrySize]) == _format.EntrySize;
        entry = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return whole;
    }

    private Translation ToTranslation(ulong address, int level, ulong entry)
    {
        ulong size = 1UL << _format.Shift(level);
        return new Translation(new PhysicalAddress(_format.PageAddress(level, entry) + (address & (size - 1))), size);
    }
}
