namespace Osprey.Target.Memory;

/// <summary>
/// Reads many small things at once, each page that holds some of them only once: for ways to a guest that are slow by
/// the read.
/// </summary>
/// <remarks>Its buffers are kept from call to call. Used from one thread at a time.</remarks>
internal sealed class ScatterReader(IMemoryReader memory)
{
    private const int PageSize = 4096;

    /// <summary>From this size on a request is read by itself.</summary>
    private const int LongRequest = PageSize;

    private readonly byte[] _page = new byte[PageSize];
    private ulong[] _keys = [];
    private int[] _order = [];
    private int[] _offsets = [];

    /// <summary>Reads all of the requests.</summary>
    /// <param name="requests">What to read, in any order.</param>
    /// <param name="buffer">Takes the results one behind the other, each at the size that was asked for.</param>
    /// <param name="counts">Takes for each request how many of its bytes could be read, from its start.</param>
    /// <exception cref="ArgumentException">A size is negative, or the buffers are too small.</exception>
    public void Read(ReadOnlySpan<ReadRequest> requests, Span<byte> buffer, Span<int> counts)
    {
        Prepare(requests, buffer.Length, counts.Length);
        ulong cachedPage = 0;
        int valid = -1; // nothing is in the page buffer yet
        for (int i = 0; i < requests.Length; i++)
        {
            int index = _order[i];
            ReadRequest request = requests[index];
            Span<byte> to = buffer.Slice(_offsets[index], request.Size);
            if (request.Size >= LongRequest)
            {
                counts[index] = memory.Read(request.Address, to);
                continue;
            }

            ulong page = request.Address / PageSize;
            if (valid < 0 || cachedPage != page)
            {
                valid = memory.Read(page * PageSize, _page);
                cachedPage = page;
            }

            counts[index] = CopyFrom(request.Address, to, valid);
            if (
                counts[index] != PageSize - (int)(request.Address % PageSize)
                || counts[index] == to.Length
                || page == ulong.MaxValue / PageSize
            )
                continue;

            // It goes on in the next page, where the next request may well be too.
            cachedPage = page + 1;
            valid = memory.Read(cachedPage * PageSize, _page);
            counts[index] += CopyFrom(cachedPage * PageSize, to[counts[index]..], valid);
        }
    }

    private int CopyFrom(ulong address, Span<byte> to, int valid)
    {
        int start = (int)(address % PageSize);
        int wanted = Math.Min(PageSize - start, to.Length);
        if (start + wanted > valid)
            return memory.Read(address, to[..wanted]); // the page can't be read whole: ask for just these bytes

        _page.AsSpan(start, wanted).CopyTo(to);
        return wanted;
    }

    private void Prepare(ReadOnlySpan<ReadRequest> requests, int bufferSize, int countsSize)
    {
        if (countsSize < requests.Length)
            throw new ArgumentException("fewer counts than requests", nameof(requests));

        if (_order.Length < requests.Length)
        {
            _order = new int[requests.Length];
            _keys = new ulong[requests.Length];
            _offsets = new int[requests.Length];
        }

        long offset = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            if (requests[i].Size < 0 || offset + requests[i].Size > bufferSize)
                throw new ArgumentException("the buffer does not hold all that is asked for", nameof(requests));

            _order[i] = i;
            _keys[i] = requests[i].Address;
            _offsets[i] = (int)offset;
            offset += requests[i].Size;
        }

        _keys.AsSpan(0, requests.Length).Sort(_order.AsSpan(0, requests.Length));
    }
}
