document.querySelector('#order').textContent = decodeURIComponent(location.pathname.split('/')[2])
