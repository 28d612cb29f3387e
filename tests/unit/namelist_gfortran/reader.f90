! SPDX-License-Identifier: BSD-3-Clause
! What gfortran makes of a namelist.
!   reader read FILE             prints every &case group of FILE, one variable or element per line
!   reader write FILE DELIMITER  writes FILE with write(nml=case), then prints what it wrote
program reader
  use, intrinsic :: iso_fortran_env, only: real64
  implicit none

  integer :: i, j, k(6)
  real(real64) :: x, y, r(6)
  logical :: p, q, b(4)
  character(len=60) :: s, t, w(3)
  namelist /case/ i, j, k, x, y, r, p, q, b, s, t, w

  character(len=1000) :: action, file, delimiter
  integer :: unit, status, group

  call get_command_argument(1, action)
  call get_command_argument(2, file)

  if (action == 'write') then
    call get_command_argument(3, delimiter)
    call set_defaults()
    i = -7
    k = [1, 2, 2, 2, 5, 6]
    x = 1.0_real64/3
    y = -6.02214076e23_real64
    r = [0.0_real64, 0.1_real64, 0.1_real64, 1e-300_real64, -1e5_real64, 123456789.0_real64]
    p = .true.
    b = [.true., .true., .false., .true.]
    s = 'it''s "quoted" / & ! $ = , text'
    t = 'a text of exactly sixty characters, to the very last of them'
    w = [character(len=60) :: 'one', '', 'three']
    open (newunit=unit, file=trim(file), status='replace', delim=trim(delimiter))
    write (unit, nml=case)
    close (unit)
    call print_values(1)
    stop
  end if

  open (newunit=unit, file=trim(file), status='old', action='read')
  do group = 1, 100
    call set_defaults()
    read (unit, nml=case, iostat=status)
    if (status < 0) exit
    if (status > 0) then
      print '(a,i0,a)', 'group ', group, ' error'
      exit
    end if
    call print_values(group)
  end do
  close (unit)

contains

  subroutine set_defaults()
    integer :: n
    i = 11
    j = 12
    k = [(100 + n, n=1, 6)]
    x = 0.5_real64
    y = 0.25_real64
    r = [(n + 0.5_real64, n=1, 6)]
    p = .false.
    q = .true.
    b = [.false., .true., .false., .true.]
    s = 'default s'
    t = 'default t'
    w = [character(len=60) :: 'w1', 'w2', 'w3']
  end subroutine set_defaults

  subroutine print_values(number)
    integer, intent(in) :: number
    integer :: n
    print '(a,i0)', 'group ', number
    print '(a,i0)', 'i 1 ', i
    print '(a,i0)', 'j 1 ', j
    do n = 1, size(k)
      print '(a,i0,1x,i0)', 'k ', n, k(n)
    end do
    print '(a,es25.16e3)', 'x 1 ', x
    print '(a,es25.16e3)', 'y 1 ', y
    do n = 1, size(r)
      print '(a,i0,1x,es25.16e3)', 'r ', n, r(n)
    end do
    print '(a,l1)', 'p 1 ', p
    print '(a,l1)', 'q 1 ', q
    do n = 1, size(b)
      print '(a,i0,1x,l1)', 'b ', n, b(n)
    end do
    print '(a,a)', 's 1 ', trim(s)
    print '(a,a)', 't 1 ', trim(t)
    do n = 1, size(w)
      print '(a,i0,1x,a)', 'w ', n, trim(w(n))
    end do
  end subroutine print_values

end program reader
