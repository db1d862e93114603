using System.Buffers.Binary;
using Osprey.Target.Memory;

namespace Osprey.Target.Architectures.X64;

/// <summary>Translates addresses by a guest's page tables, as its CPU would. Keeps nothing between calls.</summary>
/// <remarks>
/// <para>
/// A table is a page of entries; a few bits of the address, from the top down, choose an entry at each level, which
/// names the next table, or a page, or nothing (Intel SDM volume 3A, chapter 4). The modes differ in the number of
/// levels, the size of an entry and the bits that choose: all of that is in <see cref="PageTableFormat"/>, so that
/// there is one loop for 32-bit tables, PAE, four levels and five. Without paging there are no levels, and addresses
/// are physical ones.
/// </para>
/// <para>
/// A guest's tables may hold anything. The level falls with each step, so a table that names itself costs at most five
/// reads. An entry with reserved bits set faults on the CPU and is not followed here. An entry whose table lies where
/// there is no memory is told apart from one that is not present (<see cref="PageWalkOutcome"/>), since the first
/// mostly means that memory is missing from a core.
/// </para>
/// <para>
/// The CPU keeps translations (its TLB) and may use old ones; what is read here is what the tables say now. Accessed
/// and dirty bits are never set. Protection keys, SMEP and SMAP forbid accesses but do not change where an address
/// leads, so they are left out. The cache of translations is in <see cref="VirtualMemory"/>, above, where it is known
/// when the guest may have run.
/// </para>
/// </remarks>
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
